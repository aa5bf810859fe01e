"""The charger's own settings: one table with OCPP's keys, kept over restarts."""

import pytest

from firmware import meanings, settings
from ocpp_client.keys import CORE_KEYS
from tests.firmware.stage import play


class Store:
    def __init__(self):
        self.saved = {}

    def load(self, name):
        return self.saved.get(name)

    def save(self, name, values):
        self.saved[name] = values


def test_one_table_without_two_of_one_name():
    names = [key.name.lower() for key in CORE_KEYS + settings.OWN_KEYS]
    assert len(names) == len(set(names))


def test_every_setting_has_its_meaning():
    assert list(meanings.OWN) == settings.OWN_KEYS.names()
    assert all(meaning.endswith(".") for meaning in meanings.OWN.values())


def test_chosen_settings_are_kept_and_in_force_at_once():
    store = Store()
    chosen = {"BackendUrl": "ws://server/ocpp", "AllowedCurrent": "16"}
    loaded = settings.load(store, 2, chosen)
    assert loaded.get("BackendUrl") == "ws://server/ocpp"
    assert (loaded.get("AllowedCurrent"), loaded.get("NumberOfConnectors")) == (16, 2)
    again = settings.load(store, 1)
    assert (again.get("AllowedCurrent"), again.get("NumberOfConnectors")) == (16, 1)
    assert again.text("BackendUrl") == "ws://server/ocpp"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("AllowedCurrent", "5"),
        ("AllowedCurrent", "81"),
        ("AllowedCurrent", "much"),
        ("InstallationCurrent", "0"),
        ("PlugAndCharge", "perhaps"),
        ("PlugAndChargeTag", ""),
        ("PlugAndChargeTag", "X" * 21),
        ("LocalCards", "GOOD," + "X" * 21),
        ("LocalCards", "\u00e9"),
        ("BackendUrl", "ws://" + "x" * 300),
        ("AuthorizationKey", "x" * 41),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_not_kept(name, text):
    store = Store()
    with pytest.raises(ValueError, match=name):
        settings.load(store, 1, {name: text})
    assert not store.saved


def test_an_unknown_setting_is_refused():
    with pytest.raises(KeyError, match="plugandpray"):
        settings.load(Store(), 1, {"PlugAndPray": "true"})


def test_the_plug_and_charge_tag_can_be_chosen():
    async def story(stage):
        await stage.charge()
        assert stage.connector.transaction.id_tag == "FLEET7"

    play(story, settings={"PlugAndCharge": "true", "PlugAndChargeTag": "FLEET7"})
