using System.Text.Json;

namespace Holoflow.RunProtocol.Journal;

/// <summary>Single entries outside a journal: what a worker far away has to say, until the flow process takes it into the run's journal.</summary>
public static class JournalLine
{
    /// <summary>Writes an entry as one JSON object, without a number.</summary>
    public static void Write(Utf8JsonWriter json, JournalEntry entry, DateTimeOffset at) => EntryJson.Write(json, entry, 0, at);

    /// <summary>Reads an entry.</summary>
    /// <exception cref="JsonException">The line is no entry; the message says why.</exception>
    public static JournalEntry Parse(ReadOnlySpan<byte> line) => EntryParsing.Parse(line);
}
