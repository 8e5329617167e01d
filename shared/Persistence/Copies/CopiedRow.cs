using System.Globalization;
using System.Text.Json;
using Holoflow.Persistence.Sql;

namespace Holoflow.Persistence.Copies;

/// <summary>A row as one JSON array, its values in the order of the table's columns.</summary>
public static class CopiedRow
{
    /// <summary>Writes the row that is read.</summary>
    public static void Write(Utf8JsonWriter json, RunTable table, SqlRows rows)
    {
        json.WriteStartArray();
        for (var i = 0; i < table.Columns.Count; i++)
        {
            switch (table.Columns[i].Holds)
            {
                case CopiedValue.Id when rows.IdOrNull(i) is { } id:
                    json.WriteStringValue(id);
                    break;
                case CopiedValue.Text when rows.TextOrNull(i) is { } text:
                    json.WriteStringValue(text);
                    break;
                case CopiedValue.Number when rows.LongOrNull(i) is { } number:
                    json.WriteNumberValue(number);
                    break;
                case CopiedValue.Fraction when rows.DoubleOrNull(i) is { } fraction:
                    json.WriteStringValue(fraction.ToString("R", CultureInfo.InvariantCulture));
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }

        json.WriteEndArray();
    }

    /// <summary>The values of a row for its statement; null, and what is wrong, where it is none of this table.</summary>
    public static object?[]? Read(RunTable table, JsonElement row, out string? mistake)
    {
        mistake = row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != table.Columns.Count ? $"a row of {table.Name} must be an array of {table.Columns.Count} values" : null;
        if (mistake is not null)
            return null;
        var values = new object?[table.Columns.Count];
        var i = 0;
        foreach (var value in row.EnumerateArray())
        {
            if (!TryRead(table.Columns[i], value, out values[i]))
            {
                mistake = $"{table.Name}.{table.Columns[i].Name} holds what it cannot";
                return null;
            }

            i++;
        }

        return values;
    }

    static bool TryRead(RunColumn column, JsonElement value, out object? read)
    {
        read = null;
        if (value.ValueKind == JsonValueKind.Null)
            return column.MayBeNull;
        switch (column.Holds)
        {
            case CopiedValue.Id when value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id):
                read = id;
                break;
            case CopiedValue.Text when value.ValueKind == JsonValueKind.String && TextOf(value) is { } text:
                read = text;
                break;
            case CopiedValue.Number when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number):
                // Whole columns of four bytes take no more, and say so only to whoever writes.
                read = number;
                break;
            case CopiedValue.Fraction when value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction):
                read = fraction;
                break;
        }

        return read is not null;
    }

    // Half a character is no text, and PostgreSQL keeps no NUL.
    static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && !text.Contains('\0') ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
