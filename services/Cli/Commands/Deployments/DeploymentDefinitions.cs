using Holoflow.ApiModel.Deployments;
using Holoflow.Cli.DeploymentFiles;
using Holoflow.Cli.Entrypoints;
using Holoflow.Cli.Input;
using Holoflow.RunProtocol;
using Holoflow.Slurm.Profiles;
using Holoflow.Standalone;

namespace Holoflow.Cli.Commands.Deployments;

/// <summary>A deployment ready to be sent: its program was asked, its parameters are checked.</summary>
sealed record ReadyDeployment(string FlowName, string Name, DeploymentDefinition Definition);

/// <summary>Turns deployment files into definitions.</summary>
static class DeploymentDefinitions
{
    static readonly string[] Infrastructures = ["process", "slurm"];

    /// <summary>Asks the program and checks everything that can be checked here.</summary>
    /// <exception cref="CommandException">Something is wrong; nothing was sent.</exception>
    public static async Task<ReadyDeployment> Prepare(DeploymentFile file, FlowLookup flows, ProfileFiles profiles, CancellationToken cancellation)
    {
        if (file.Name.Length == 0 || file.Name.Contains('/'))
            throw CommandException.BadInput($"'{file.Name}' is no deployment's name: it must not be empty or hold a '/'");
        if (file.CrashReschedules is < 0 or > 1000)
            throw CommandException.BadInput($"deployment '{file.Name}': crash-reschedules is {file.CrashReschedules}, but must be from 0 to 1000");
        if (!Infrastructures.Contains(file.Infrastructure, StringComparer.Ordinal))
            throw CommandException.BadInput($"'{file.Infrastructure}' is no infrastructure; there is {string.Join(", ", Infrastructures)}{NearMatch.Clause(file.Infrastructure, Infrastructures)}");
        await CheckCluster(file, profiles, cancellation);
        var found = await flows.Find(file.Entrypoint, cancellation);
        if (file.Flow is { } flow && flow != found.Flow.Name)
            throw CommandException.BadInput($"deployment '{file.Name}' is for flow '{flow}', but {found.Entrypoint} is flow '{found.Flow.Name}'");
        if (file.Schedules?.SelectMany(ScheduleCheck.Mistakes).ToList() is { Count: > 0 } mistakes)
            throw CommandException.BadInput($"deployment '{file.Name}' has a schedule that cannot be kept: {string.Join("; ", mistakes)}");
        var defaults = ParameterChecks.Defaults(found, file.Parameters);
        foreach (var schedule in file.Schedules ?? [])
            ParameterChecks.Scheduled(found, file.Name, file.Parameters, schedule.Parameters);
        return new ReadyDeployment(found.Flow.Name, file.Name, new DeploymentDefinition
        {
            Description = file.Description ?? found.Flow.Description,
            Program = Program(found, file),
            ParameterSchema = found.Flow.ParameterSchema,
            Parameters = defaults,
            Queue = file.Queue,
            Tags = file.Tags,
            Priority = file.Priority,
            Infrastructure = file.Infrastructure,
            Schedules = file.Schedules,
        });
    }

    // The profile is the agent's: programs and profiles lie where both the agent and this command see them.
    static async Task CheckCluster(DeploymentFile file, ProfileFiles profiles, CancellationToken cancellation)
    {
        if (file.Infrastructure != "slurm")
        {
            if (file.Cluster is not null)
                throw CommandException.BadInput($"deployment '{file.Name}': a cluster goes with infrastructure slurm; tasks alone go to a cluster by the environment variable {RunEnvironment.Cluster}");
            return;
        }

        if (file.Cluster is not { Length: > 0 } cluster)
            throw CommandException.BadInput($"deployment '{file.Name}': infrastructure slurm needs the cluster profile that its runs are jobs of{(profiles.Names is { Count: > 0 } names ? $"; there is {string.Join(", ", names)}" : "; make one with 'holoflow cluster import'")}");
        try
        {
            await profiles.Read(cluster, cancellation);
        }
        catch (ProfileException e)
        {
            throw CommandException.BadInput($"deployment '{file.Name}', cluster profile '{cluster}': {e.Message}");
        }
    }

    /// <summary>How the flow is started, as its program describes it.</summary>
    public static FlowProgram Program(FoundFlow found, DeploymentFile? file = null) => new()
    {
        Path = found.Entrypoint.Path,
        Method = found.Flow.Method,
        WorkingDirectory = file?.WorkingDirectory,
        Environment = file?.Environment,
        Retries = found.Flow.Retries,
        RetryDelaySeconds = found.Flow.RetryDelaySeconds,
        TimeoutSeconds = found.Flow.TimeoutSeconds,
        CrashReschedules = file?.CrashReschedules ?? 0,
        FlowVersion = found.Flow.Version,
        Cluster = file?.Cluster,
    };
}
