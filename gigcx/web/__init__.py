"""What every page shares: layouts' context, menus, panels, error pages, the API's manners and the admin's frame.

It knows no stage. Stages register what they bring: menu entries, panels, hats, work queues, URLs and demo chapters.
"""
