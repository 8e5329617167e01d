using System.Globalization;
using System.Text.Json;

namespace Holoflow.RunProtocol.Parameters;

/// <summary>The formats of texts in parameter schemas.</summary>
static class TextFormat
{
    /// <summary>What the text should have been; null where it is right, or the format is not one that is checked.</summary>
    public static string? Wanted(string? format, JsonElement value) => format switch
    {
        "date-time" => value.TryGetDateTimeOffset(out _) ? null : "a date and time such as 2026-01-31T12:00:00Z",
        "date" => DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "a date such as 2026-01-31",
        "time" => TimeOnly.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _) ? null : "a time such as 12:30:00",
        "time-span" => TimeSpan.TryParseExact(value.GetString(), "c", CultureInfo.InvariantCulture, out _) ? null : "a length of time such as 01:30:00 or 2.00:00:00",
        "uuid" => value.TryGetGuid(out _) ? null : "an id such as 0198c2a0-7b1c-7000-8000-000000000000",
        "uri" => Uri.TryCreate(value.GetString(), UriKind.RelativeOrAbsolute, out _) ? null : "a URI",
        _ => null,
    };
}
