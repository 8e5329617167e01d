using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Holoflow.Cli.Output;

/// <summary>Writes lists and single things, as tables for people or JSON for programs.</summary>
static class Listing
{
    static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>A table; <paramref name="nothing"/> where there are no rows.</summary>
    public static void Table<T>(TextWriter output, IReadOnlyList<Column<T>> columns, IReadOnlyList<T> rows, string nothing)
    {
        if (rows.Count == 0)
        {
            output.WriteLine(nothing);
            return;
        }
        foreach (var line in TableText.Lines(columns, rows, Width()))
            output.WriteLine(line);
    }

    /// <summary>Names and values below each other; those without a value are left out.</summary>
    public static void Facts(TextWriter output, params (string Name, string? Value)[] facts)
    {
        var told = facts.Where(f => !string.IsNullOrEmpty(f.Value)).ToList();
        var width = told.Max(f => f.Name.Length);
        foreach (var (name, value) in told)
            output.WriteLine($"{name.PadRight(width)}  {TerminalText.Line(value!)}");
    }

    /// <summary>A JSON array, one row a line, written as the rows come.</summary>
    public static async Task JsonRows<T>(IAsyncEnumerable<T> rows, JsonTypeInfo<T> type)
    {
        await using var output = Console.OpenStandardOutput();
        var any = false;
        await foreach (var row in rows)
        {
            await output.WriteAsync(any ? ",\n "u8.ToArray() : "["u8.ToArray());
            await JsonSerializer.SerializeAsync(output, row, type);
            any = true;
        }
        await output.WriteAsync(any ? "]\n"u8.ToArray() : "[]\n"u8.ToArray());
    }

    public static Task JsonRows<T>(IEnumerable<T> rows, JsonTypeInfo<T> type) => JsonRows(rows.ToAsyncEnumerable(), type);

    /// <summary>One thing as indented JSON.</summary>
    public static void Json<T>(T value, JsonTypeInfo<T> type)
    {
        using var output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, Indented))
            JsonSerializer.Serialize(writer, value, type);
        output.Write("\n"u8);
    }

    static int? Width() => Console.IsOutputRedirected ? null : Console.WindowWidth is > 0 and var width ? width : null;
}
