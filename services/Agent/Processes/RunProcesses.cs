using System.Globalization;
using System.Text;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Processes;

/// <summary>
/// Finds the processes of one run: those in the supervisor's session, those that carry its launch in their environment
/// (a daemon leaves the session, its environment stays), and all their descendants.
/// </summary>
/// <param name="supervisor">The leader of the session.</param>
/// <param name="mark">The value of <see cref="RunEnvironment.Launch"/> that they were started with; null: only the session is looked at.</param>
sealed class RunProcesses(ProcessIdentity supervisor, string? mark)
{
    readonly byte[]? _mark = mark is null ? null : Encoding.UTF8.GetBytes($"{RunEnvironment.Launch}={mark}");

    public ProcessIdentity Supervisor => supervisor;

    /// <summary>The flow process: what the supervisor waits for.</summary>
    public IReadOnlyList<ProcessIdentity> OfFlow() =>
        [.. Snapshot().Where(p => p.Parent == supervisor.Id && p.Session == supervisor.Id).Select(Identity)];

    /// <summary>All living processes of the run but the supervisor.</summary>
    public IReadOnlyList<ProcessStat> Members()
    {
        var all = Snapshot();
        var members = new Dictionary<int, ProcessStat>();
        foreach (var process in all)
        {
            if (process.Session == supervisor.Id || IsMarked(process.Id))
                members[process.Id] = process;
        }

        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var process in all)
                grown |= members.ContainsKey(process.Parent) && members.TryAdd(process.Id, process);
        }

        // A process whose id was used again between the runs is not ours, however it looks.
        members.Remove(supervisor.Id);
        members.Remove(Environment.ProcessId);
        return [.. members.Values.Where(p => p.StartTicks >= supervisor.StartTicks)];
    }

    public static ProcessIdentity Identity(ProcessStat process) => new(process.Id, process.StartTicks);

    static List<ProcessStat> Snapshot()
    {
        var processes = new List<ProcessStat>();
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ProcessStat.Read(id) is { IsGone: false } process)
                processes.Add(process);
        }

        return processes;
    }

    bool IsMarked(int id)
    {
        if (_mark is null)
            return false;
        try
        {
            var environment = File.ReadAllBytes($"/proc/{id}/environ").AsSpan();
            while (!environment.IsEmpty)
            {
                var end = environment.IndexOf((byte)0);
                if ((end < 0 ? environment : environment[..end]).SequenceEqual(_mark))
                    return true;
                environment = end < 0 ? [] : environment[(end + 1)..];
            }

            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or another user's: not one of ours.
            return false;
        }
    }
}
