"""The files for running elsewhere agree with the product."""

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from gigcx.local.folders import PROJECT_ROOT
from gigcx.local.run import QUEUES

KUBERNETES = PROJECT_ROOT / "deploy" / "kubernetes"


def manifests() -> list[dict[str, Any]]:
    return [each for path in sorted(KUBERNETES.glob("*.yaml")) for each in yaml.safe_load_all(path.read_text())]


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text()))


def pods() -> dict[str, dict[str, Any]]:
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]
        for each in manifests()
        if each["kind"] in {"Deployment", "Job"}
    }


def queues_of(command: list[str]) -> list[str]:
    return command[command.index("--queues") + 1].split(",") if "--queues" in command else []


def test_every_queue_has_a_worker_wherever_the_product_runs() -> None:
    in_kubernetes = [queue for pod in pods().values() for queue in queues_of(pod["containers"][0].get("command", []))]
    in_compose = [
        queue for service in compose()["services"].values() for queue in queues_of(service.get("command", []))
    ]
    assert sorted(QUEUES.split(",")) == sorted(settings.QUEUES)
    assert sorted(in_kubernetes) == sorted(settings.QUEUES)
    assert sorted(in_compose) == sorted(settings.QUEUES)


def test_no_pod_may_become_root_or_write_outside_its_volumes() -> None:
    assert len(pods()) == len(settings.QUEUES) + 3
    for name, pod in pods().items():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"], name
        assert container["securityContext"]["readOnlyRootFilesystem"], name
        assert not container["securityContext"]["allowPrivilegeEscalation"], name
        assert container["resources"]["limits"]["memory"], name


def test_all_pods_run_the_same_image() -> None:
    images = {pod["containers"][0]["image"] for pod in pods().values()}
    assert len(images) == 1


def test_every_service_of_compose_has_a_health_check_or_says_why_not() -> None:
    built = PROJECT_ROOT / "Dockerfile"
    assert "HEALTHCHECK" in built.read_text()
    for name, service in compose()["services"].items():
        assert "healthcheck" in service or "build" in service, name


def test_every_declared_dependency_is_in_the_locks() -> None:
    declared = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]
    groups = declared["optional-dependencies"]
    locks = {
        "prod.txt": declared["dependencies"],
        "local.txt": declared["dependencies"] + groups["local"],
        "dev.txt": declared["dependencies"] + groups["local"] + groups["dev"],
    }
    for lock, wanted in locks.items():
        locked = set(re.findall(r"^([a-z0-9-]+)==", (PROJECT_ROOT / "requirements" / lock).read_text(), re.MULTILINE))
        names = {re.split(r"[\[<>=~!;]", each)[0].strip().lower().replace("_", "-") for each in wanted}
        assert names <= locked, f"{lock}: run `make lock`"


def test_no_secret_is_written_down() -> None:
    names = r"(?:SECRET_KEY|VAULT_KEYS|FINGERPRINT_KEY|POSTGRES_PASSWORD|STRIPE_API_KEY|EMAIL_HOST_PASSWORD)"
    for path in [PROJECT_ROOT / "docker-compose.yml", PROJECT_ROOT / "deploy" / "env.example", *KUBERNETES.glob("*")]:
        for value in re.findall(rf"^\s*{names}[=:][ \t]*(.*)$", path.read_text(), flags=re.MULTILINE):
            assert value == "" or value.startswith("${"), path.name


def test_every_setting_read_from_the_environment_is_documented() -> None:
    documented = (PROJECT_ROOT / "docs" / "operations.md").read_text()
    read = set()
    for path in Path(PROJECT_ROOT / "gigcx" / "settings").glob("*.py"):
        read |= set(re.findall(r'env\.(?:text|required|flag|number|words)\(\s*"([A-Z_]+)"', path.read_text()))
    missing = {name for name in read if f"`{name}`" not in documented}
    assert missing == set()
