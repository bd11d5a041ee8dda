"""Small models that the tests share, with a lookup and fields of most types."""

from __future__ import annotations

from kintone_orm import Model, fields


class Country(Model):
    code = fields.SingleLineTextField(unique=True, required=True)
    name = fields.SingleLineTextField("国名", required=True)

    class Meta:
        app = "countries"


class City(Model):
    name = fields.SingleLineTextField("都市名", required=True)
    country = fields.LookupField("Country", key="code", copies={"country_name": "name"})
    country_name = fields.SingleLineTextField()
    population = fields.IntegerField()
    latitude = fields.NumberField()
    founded = fields.DateField()
    visited = fields.DateTimeField()
    climate = fields.DropDownField(choices=["tropical", "dry", "temperate"])
    tags = fields.CheckBoxField(choices=["port", "capital", "old"])
    notes = fields.MultiLineTextField()
    number = fields.RecordNumberField()
    created = fields.CreatedTimeField()
    creator = fields.CreatorField()
    updated = fields.UpdatedTimeField()

    class Meta:
        app = "cities"


def cities(number: int) -> list[City]:
    """New cities, named "City 1" and so on, with one thousand people more each."""
    return [City(name=f"City {n}", population=n * 1000) for n in range(1, number + 1)]
