"""Italian geography for the parties: provinces with their dates, regions, comuni, and what a postal code tells."""

from rapporto.domain.parties.geography.places import (
    Place,
    Province,
    Region,
    places_beginning,
    places_in,
    places_named,
    places_of,
    province_of_postal_code,
    provinces,
    region_of,
    region_of_province,
    regions,
    town_key,
)

__all__ = [
    "Place",
    "Province",
    "Region",
    "places_beginning",
    "places_in",
    "places_named",
    "places_of",
    "province_of_postal_code",
    "provinces",
    "region_of",
    "region_of_province",
    "regions",
    "town_key",
]
