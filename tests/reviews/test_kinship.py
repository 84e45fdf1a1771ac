"""Family names across spellings and scripts; a person decides, so a doubt is better than a miss."""

import pytest

from backend.reviews.kinship import named, namesakes, same_family


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fatima Aït Lahcen", "Omar Ait Lahcen"),
        ("Fatima Aït Lahcen", "عمر أيت لحسن"),
        ("Salwa El Kadiri", "خالد القادري"),
        ("Salwa El Kadiri", "Khalid Kadiri"),
        ("Abdelhak Benslimane", "عبد الحق بنسليمان"),
        ("Abdelhak Benslimane", "عبد العزيز بنسليمان"),
        ("BENALI Fatima", "Omar Ben Ali"),
        ("Redouane Hilali", "سعيد هلالي"),
        ("Rachid Chafik", "مريم شفيق"),
        ("فاطمة أوبلا واحمان", "عمر أوبلا وحمان"),
    ],
)
def test_one_family(one: str, other: str) -> None:
    assert same_family(named(one), named(other))
    assert same_family(named(other), named(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fatima Benali", "Omar Benalla"),
        ("Fatima Benali", "Fatima Lamrani"),
        ("Fatima Benali", "فاطمة لمراني"),
        ("Hassan Bouaddi", "عمر بودا"),  # two consonants say nothing across scripts
        ("Tiziri Amzil", "Amzil Tafraout Bel"),
        ("Fatima", "Omar"),
        ("", "Omar"),
    ],
)
def test_two_families(one: str, other: str) -> None:
    assert not same_family(named(one), named(other))


def test_the_whole_name_in_any_order_and_script() -> None:
    assert namesakes(named("Nawal Sefrioui"), named("SEFRIOUI Nawal"))
    assert namesakes(named("Nawal Sefrioui"), named("نوال صفريوي"))
    assert not namesakes(named("Nawal Sefrioui"), named("Salwa Sefrioui"))
    assert not namesakes(named("Nawal"), named("Nawal"))
    assert not namesakes(named("Ali"), named("علي"))
