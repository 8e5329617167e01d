using System.Text;
using System.Text.Json;
using Holoflow.Agent.Processes;
using Holoflow.Contracts;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Files;

namespace Holoflow.Agent.Launch;

/// <summary>Lays out the run directory for an attempt.</summary>
static class RunPreparation
{
    /// <summary>Left out in the numbers of a journal that begins anew on another host: what the earlier attempt wrote may still be on its way.</summary>
    const long NumbersOnTheirWay = 1_000_000;

    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes what the flow process reads, all of it before the process starts.</summary>
    /// <exception cref="LaunchException">The disk is full, or the directory cannot be written.</exception>
    public static void LayOut(GrantedRun run, RunDirectory directory)
    {
        try
        {
            Directory.CreateDirectory(directory.Path, OwnerOnly | UnixFileMode.UserExecute);
            File.Delete(directory.Ended);
            KillEarlierAttempts(run, directory);
            Replace(directory.Description, Describe(run, directory).ToJson());
            Replace(directory.Parameters, Encoding.UTF8.GetBytes(run.Parameters.ValueKind == JsonValueKind.Undefined ? "{}" : run.Parameters.GetRawText()));
            // What was asked of an earlier attempt is not asked of this one.
            Replace(directory.Control, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException($"the run directory '{directory.Path}' on {Environment.MachineName} cannot be prepared: {e.Message}", e) { IsLocal = true };
        }
    }

    static RunDescription Describe(GrantedRun run, RunDirectory directory) => new()
    {
        RunId = run.RunId,
        RunName = run.RunName,
        FlowName = run.FlowName,
        DeploymentName = run.DeploymentName,
        Tags = run.Tags,
        Attempt = run.Attempt,
        Epoch = run.Epoch,
        ScheduledFor = run.DueAt == default ? null : run.DueAt,
        Limited = run.Limited,
        JournalAfter = run.JournalThrough > 0 && !File.Exists(directory.Journal) ? run.JournalThrough + NumbersOnTheirWay : 0,
    };

    // The store has given up an earlier attempt whose agent was cut off: two processes must not write one journal.
    static void KillEarlierAttempts(GrantedRun run, RunDirectory directory)
    {
        for (var attempt = run.Attempt - 1; attempt > 0; attempt--)
        {
            if (!File.Exists(directory.Process(attempt)) || ProcessIdentity.Parse(File.ReadAllText(directory.Process(attempt))) is not { } supervisor)
                continue;
            if (!supervisor.IsAlive)
                continue;
            foreach (var process in new RunProcesses(supervisor, launch: null).Session())
                Signals.Send(RunProcesses.Identity(process), Signals.Kill);
        }
    }

    static void Replace(string path, ReadOnlySpan<byte> content) => WholeFile.Replace(path, content, OwnerOnly);
}
