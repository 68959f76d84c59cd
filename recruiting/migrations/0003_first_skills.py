"""The words the taxonomy starts with. Ops add to them in the admin."""

from django.db import migrations

SKILLS = {
    "channel": {
        "live-chat": "Live chat",
        "phone": "Phone",
        "email-writing": "E-mail writing",
        "social-replies": "Social media replies",
        "two-chats-at-once": "Two chats at once",
    },
    "industry": {
        "retail": "Retail",
        "telecom": "Telecom",
        "travel": "Travel",
        "banking": "Banking",
        "software": "Software",
        "health": "Health",
        "energy": "Energy",
    },
    "product": {
        "orders": "Orders and delivery",
        "returns": "Returns and refunds",
        "billing": "Bills and payments",
        "subscriptions": "Subscriptions",
        "technical-support": "Technical support",
        "sales": "Sales",
        "complaints": "Complaints",
        "retention": "Keeping customers",
    },
    "tool": {
        "ticketing": "Ticketing systems",
        "crm": "Customer databases",
        "spreadsheets": "Spreadsheets",
        "fast-typing": "Typing, 50 words a minute",
        "remote-support": "Remote support",
    },
}


def plant(apps, schema_editor):
    skill = apps.get_model("recruiting", "Skill")
    skill.objects.bulk_create(
        skill(key=key, label=label, group=group) for group, words in SKILLS.items() for key, label in words.items()
    )


def uproot(apps, schema_editor):
    keys = [key for words in SKILLS.values() for key in words]
    apps.get_model("recruiting", "Skill").objects.filter(key__in=keys).delete()


class Migration(migrations.Migration):
    dependencies = [("recruiting", "0002_frozen_versions")]
    operations = [migrations.RunPython(plant, uproot)]
