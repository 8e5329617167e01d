using System.Text;
using Holoflow.RunProtocol;

namespace Holoflow.Agent.Processes;

/// <summary>
/// Finds the processes of one run: those in the supervisor's session, those that carry its launch in their environment
/// (a daemon leaves the session, its environment stays), and all their descendants. The supervisor's own shells and pipes,
/// which carry the launch with another mark, end by themselves after the last of these.
/// </summary>
/// <param name="supervisor">The leader of the session.</param>
/// <param name="launch">The value of <see cref="RunEnvironment.Launch"/> that they were started with; null: only the session is looked at.</param>
sealed class RunProcesses(ProcessIdentity supervisor, string? launch)
{
    /// <summary>Follows the launch in the environment of the supervisor; it takes it off for the flow process.</summary>
    public const string PlumbingMark = ".plumbing";

    readonly byte[] _ofFlow = Encoding.UTF8.GetBytes($"{RunEnvironment.Launch}={launch}");
    readonly byte[] _plumbing = Encoding.UTF8.GetBytes($"{RunEnvironment.Launch}={launch}{PlumbingMark}");

    /// <summary>The flow process: the one that carries the launch and was started by one that does not.</summary>
    public IReadOnlyList<ProcessIdentity> OfFlow()
    {
        var members = Members();
        var ids = members.Select(p => p.Id).ToHashSet();
        return [.. members.Where(p => p.Session == supervisor.Id && !ids.Contains(p.Parent) && p.Parent > 1 && ProcessStat.Read(p.Parent)?.Session == supervisor.Id).Select(Identity)];
    }

    /// <summary>All living processes of the run but the supervisor and its plumbing.</summary>
    public IReadOnlyList<ProcessStat> Members()
    {
        var all = ProcessTable.StartedSince(supervisor);
        var elsewhere = all.Where(p => p.StartTicks >= supervisor.StartTicks && p.Session != supervisor.Id).Select(p => p.Id).ToHashSet();
        var members = new Dictionary<int, ProcessStat>();
        foreach (var process in all)
        {
            // What is older has the id of a process of ours by chance.
            if (process.StartTicks < supervisor.StartTicks || process.Id == supervisor.Id || process.Id == Environment.ProcessId)
                continue;
            var isOfSession = process.Session == supervisor.Id;
            // Elsewhere only what lost its parent, or left the session itself, needs its environment read: all others are found below their parents.
            if (!isOfSession && elsewhere.Contains(process.Parent))
                continue;
            var mark = MarkOf(process.Id);
            if (mark == Mark.Flow || (isOfSession && mark != Mark.Plumbing))
                members[process.Id] = process;
        }

        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var process in all)
                grown |= members.ContainsKey(process.Parent) && members.TryAdd(process.Id, process);
        }

        return [.. members.Values];
    }

    /// <summary>All in the session: also what else must go where the plumbing hangs.</summary>
    public IReadOnlyList<ProcessStat> Session() => [.. ProcessTable.StartedSince(supervisor).Where(p => p.Session == supervisor.Id && p.StartTicks >= supervisor.StartTicks)];

    public static ProcessIdentity Identity(ProcessStat process) => new(process.Id, process.StartTicks);

    Mark MarkOf(int id)
    {
        try
        {
            var environment = File.ReadAllBytes($"/proc/{id}/environ").AsSpan();
            while (launch is not null && !environment.IsEmpty)
            {
                var end = environment.IndexOf((byte)0);
                var variable = end < 0 ? environment : environment[..end];
                if (variable.SequenceEqual(_ofFlow))
                    return Mark.Flow;
                if (variable.SequenceEqual(_plumbing))
                    return Mark.Plumbing;
                environment = end < 0 ? [] : environment[(end + 1)..];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or another user's: its session tells.
        }

        return Mark.None;
    }

    enum Mark
    {
        None,
        Flow,
        Plumbing,
    }
}
