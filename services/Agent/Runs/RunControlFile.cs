using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Agent.Runs;

/// <summary>Tells the flow process what it should be doing.</summary>
static class RunControlFile
{
    /// <exception cref="IOException">The disk is full.</exception>
    public static void Append(RunDirectory directory, int attempt, WantedOfRun wanted, string? reason)
    {
        var kind = wanted switch
        {
            WantedOfRun.Cancel => ControlKind.Cancel,
            WantedOfRun.Pause => ControlKind.Pause,
            _ => ControlKind.Resume,
        };
        Append(directory, new ControlRequest(kind, reason, attempt));
    }

    /// <exception cref="IOException">The disk is full.</exception>
    public static void Append(RunDirectory directory, ControlRequest request)
    {
        using var file = new FileStream(directory.Control, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(request, JournalFormat.Default.ControlRequest), (byte)'\n']);
    }
}
