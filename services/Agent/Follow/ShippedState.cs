using System.Text.Json;
using Holoflow.RunProtocol.Files;

namespace Holoflow.Agent.Follow;

/// <summary>How far a run's files were shipped and acknowledged, and what of them decides the run's end.</summary>
sealed record ShippedState
{
    public long JournalOffset { get; init; }

    public long JournalSequence { get; init; }

    /// <summary>Faulty lines of the journal so far: after some, they are only counted.</summary>
    public int FaultyLines { get; init; }

    /// <summary>The newest attempt whose flow process said that it started.</summary>
    public int StartedAttempt { get; init; }

    public FlowEnding? Ending { get; init; }

    /// <summary>By file name.</summary>
    public IReadOnlyDictionary<string, StreamPosition> Streams { get; init; } = new Dictionary<string, StreamPosition>(StringComparer.Ordinal);

    /// <summary>Reads the file; the beginning where it is missing or torn: receivers drop what they have.</summary>
    public static ShippedState Read(string path)
    {
        try
        {
            return File.Exists(path) ? ShippedStateJson.Parse(File.ReadAllBytes(path)) : new();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new();
        }
    }

    /// <exception cref="IOException">The disk is full; the older file stays.</exception>
    public void Write(string path) => WholeFile.Replace(path, ShippedStateJson.Format(this).Span);
}

/// <summary>The last entry of an attempt.</summary>
sealed record FlowEnding(int Attempt, string Type, string? Name, string? Message, JsonElement? Result);

/// <summary>How far a stream was shipped.</summary>
/// <param name="Offset">In bytes.</param>
/// <param name="Lines">The number of the last line.</param>
/// <param name="Skipping">The rest of a line that was cut is passed over.</param>
/// <param name="Kept">Bytes that were shipped.</param>
/// <param name="Capped">The limit was reached: the rest waits for the end.</param>
/// <param name="AtTail">The end of a capped stream is being shipped.</param>
readonly record struct StreamPosition(long Offset, long Lines, bool Skipping, long Kept, bool Capped, bool AtTail);
