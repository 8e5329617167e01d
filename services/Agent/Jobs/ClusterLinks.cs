using System.Collections.Concurrent;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Gate;
using Holoflow.Slurm.Profiles;
using Microsoft.Extensions.Logging;

namespace Holoflow.Agent.Jobs;

/// <summary>The clusters that runs of this agent are jobs of: one link for each profile.</summary>
sealed class ClusterLinks(AgentOptions options, TimeProvider time, ILogger log, CancellationToken stopping)
{
    /// <summary>The link for jobs that flow processes of this machine submitted, by whatever profile.</summary>
    public const string OfTasks = "";

    readonly ConcurrentDictionary<string, ClusterLink> _links = new(StringComparer.Ordinal);

    public ClusterLink Of(string profile) => _links.GetOrAdd(profile, name => new ClusterLink(Gate(name), options, time, log, stopping));

    /// <exception cref="ProfileException">There is no such profile, or it has mistakes.</exception>
    public Task<ClusterProfile> Profile(string name, CancellationToken cancellation) => ProfileFiles.In(options.Home).Read(name, cancellation);

    // Runs that are jobs already are followed also where their profile was taken away.
    ISlurmCalls Gate(string name)
    {
        var budget = CallBudget.Of(new ClusterProfile(name).CallsPerMinute);
        try
        {
            if (name != OfTasks)
                budget = CallBudget.Of(ProfileReader.Read(name, File.ReadAllText(ProfileFiles.In(options.Home).PathOf(name))).CallsPerMinute);
        }
        catch (Exception e) when (e is ProfileException or IOException or UnauthorizedAccessException)
        {
            // The run itself is told of it.
        }

        return new SlurmGate(options.SlurmCommands, budget, time);
    }
}
