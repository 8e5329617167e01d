using System.CommandLine;
using Holoflow.RunProtocol;
using Holoflow.Slurm.Profiles;

namespace Holoflow.Cli.Commands.Clusters;

/// <summary>What the commands about cluster profiles share.</summary>
static class ClusterCommands
{
    public static Argument<string> Profile() => new("profile") { Description = "The profile's name, or its file." };

    public static Option<string?> ForRun() => new("--cluster") { Description = "Execute the tasks in allocations of a Slurm cluster, as this profile says; 'local': here, whatever the flow says.", HelpName = "PROFILE" };

    /// <exception cref="CommandException">There is no such profile, or it has mistakes; all of them are told.</exception>
    public static async Task<ClusterProfile> Read(CommandContext context, string profile)
    {
        try
        {
            return await Files(context).Read(profile, context.Cancellation);
        }
        catch (ProfileException e)
        {
            throw CommandException.BadInput(e.Message);
        }
    }

    public static ProfileFiles Files(CommandContext context) => ProfileFiles.In(context.Paths.Home);

    /// <summary>The environment of a run's flow process with a profile. One that is read on this machine is checked first: a mistake is told before anything starts.</summary>
    public static async Task<IReadOnlyDictionary<string, string>?> EnvironmentWith(CommandContext context, string? profile, IReadOnlyDictionary<string, string>? environment, bool isReadHere)
    {
        if (profile is null)
            return environment;
        if (profile != "local" && isReadHere)
            await Read(context, profile);
        // A name is looked up where the run is; a path is meant from where the command was typed.
        var value = profile.Contains('/') || profile.Contains('.') ? Path.GetFullPath(profile) : profile;
        return new Dictionary<string, string>(environment ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal) { [RunEnvironment.Cluster] = value };
    }
}
