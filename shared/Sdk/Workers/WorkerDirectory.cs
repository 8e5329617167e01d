using System.Globalization;

namespace Holoflow.Sdk;

/// <summary>
/// The directory of one allocation, on the file system that its nodes and the flow process share. A file has one writer: the flow process
/// that of a slot's work, a worker those of its events and large results, the batch script those that tell how a worker ended.
/// </summary>
sealed class WorkerDirectory(string path)
{
    public string Path { get; } = path;

    /// <summary>What a slot has to do: one <see cref="WorkLine"/> each.</summary>
    public string Work(int slot) => In($"work.{slot}.ndjson");

    /// <summary>What a worker has to tell: one <see cref="WorkerEvent"/> each.</summary>
    public string Events(int slot, int start) => In($"events.{slot}.{start}.ndjson");

    /// <summary>The exit status of a worker.</summary>
    public string Exit(int slot, int start) => In($"exit.{slot}.{start}");

    /// <summary>The inputs of an execution, where they are large.</summary>
    public string Inputs(long number) => In($"inputs.{number}.json");

    /// <summary>The result of an execution, where it is large.</summary>
    public string Result(long number) => In($"result.{number}.json");

    /// <summary>The run directory, as a text.</summary>
    public string RunDirectory => In("run-directory");

    /// <summary>Written again and again while the flow process lives.</summary>
    public string Alive => In("alive");

    /// <summary>The slot and start that a file of events, or of an exit status, is of; null where it is none.</summary>
    public static (string Kind, int Slot, int Start)? Read(string file) =>
        System.IO.Path.GetFileName(file).Split('.') is [("events" or "exit") and var kind, var slot, var start, ..]
        && int.TryParse(slot, NumberStyles.None, null, out var s) && int.TryParse(start, NumberStyles.None, null, out var n) ? (kind, s, n) : null;

    /// <summary>Writes a file that is there whole or not at all.</summary>
    public static void WriteWhole(string path, ReadOnlySpan<byte> bytes)
    {
        var unfinished = path + ".unfinished";
        File.WriteAllBytes(unfinished, bytes);
        File.Move(unfinished, path, overwrite: true);
    }

    string In(string name) => System.IO.Path.Combine(Path, name);
}
