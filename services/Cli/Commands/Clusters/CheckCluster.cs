using System.CommandLine;
using Holoflow.Cli.Output;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Gate;
using Holoflow.Slurm.Profiles;

namespace Holoflow.Cli.Commands.Clusters;

static class CheckCluster
{
    public static Command Create()
    {
        var name = ClusterCommands.Profile();
        return new Command("check", "Check a cluster profile: every key, and the site's answer to a trial job, which is held and cancelled.") { name }.Does(async context =>
        {
            var profile = await ClusterCommands.Read(context, context.Value(name));
            context.Output.WriteLine("ok      the profile: every key is understood");
            var gate = new SlurmGate(new CommandCalls(context.Clock), CallBudget.Of(profile.CallsPerMinute), context.Clock);
            var steps = await new ProfileTrial(gate, context.Clock).Run(profile, profile.LogDirectory ?? Path.Combine(context.Paths.Home, "clusters"), context.Cancellation);
            foreach (var step in steps)
                context.Output.WriteLine($"{(step.Passed ? "ok    " : "failed")}  {step.What}: {TerminalText.Line(step.Words)}");
            return steps.All(step => step.Passed) ? ExitCodes.Done : ExitCodes.Failed;
        });
    }
}
