using System.CommandLine;
using Holoflow.Cli.Commands.Clusters;
using Holoflow.Cli.DeploymentFiles;
using Holoflow.Cli.Entrypoints;
using Holoflow.Cli.Input;

namespace Holoflow.Cli.Commands.Deployments;

static class BuildDeployment
{
    public static Command Create()
    {
        var entrypoint = EntrypointArgument.Create();
        var name = new Option<string>("--name", "-n") { Description = "The deployment's name.", HelpName = "N", Required = true };
        var infrastructure = new Option<string>("--infra", "-i") { Description = "What runs the flow: process, one of the agent's machine; or slurm, a job of a cluster.", HelpName = "process|slurm", DefaultValueFactory = _ => "process" };
        var cluster = new Option<string?>("--cluster") { Description = "With -i slurm: the cluster profile whose cores, memory and walltime the job gets.", HelpName = "PROFILE" };
        var queue = new Option<string>("--queue", "-q") { Description = "The work queue of its runs.", HelpName = "QUEUE", DefaultValueFactory = _ => "default" };
        var tags = CommonOptions.Tags("A tag of its runs. May be repeated.");
        var parameters = CommonOptions.Parameters();
        var crashes = new Option<int>("--crash-reschedules") { Description = "How often a run whose process or agent died is scheduled again; 0 leaves it Crashed.", HelpName = "N" };
        var schedule = new ScheduleOptions();
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; FLOW-NAME.yaml where nothing is said.", HelpName = "FILE.yaml" };
        var apply = new Option<bool>("--apply") { Description = "Also send it to the server." };
        var command = new Command("build", "Describe a deployment of a flow in a file. The program stays where it lies.") { entrypoint, name, infrastructure, cluster, queue, tags, crashes, parameters };
        schedule.AddTo(command);
        command.Add(output);
        command.Add(apply);
        return command.Does(async context =>
        {
            var flows = FlowLookup.In(context.Paths.Home);
            var found = await flows.Find(context.Value(entrypoint), context.Cancellation);
            var file = new DeploymentFile
            {
                Name = context.Value(name),
                Flow = found.Flow.Name,
                Description = found.Flow.Description,
                Entrypoint = $"{found.Entrypoint.Path}:{found.Flow.Method}",
                Infrastructure = context.Value(infrastructure),
                Cluster = context.Value(cluster) is { } profile ? profile.Contains('/') ? Path.GetFullPath(profile) : profile : null,
                Queue = context.Value(queue),
                Tags = context.Value(tags),
                CrashReschedules = context.Value(crashes),
                Parameters = ParameterArguments.Read(null, context.Value(parameters)),
                Schedules = schedule.Read(context) is { } spec ? [spec] : null,
            };
            var ready = await DeploymentDefinitions.Prepare(file, flows, ClusterCommands.Files(context), context.Cancellation);
            var path = context.Value(output) ?? $"{FileName(ready.FlowName)}-{FileName(ready.Name)}.yaml";
            await File.WriteAllTextAsync(path, DeploymentFileWriter.Text(file), context.Cancellation);
            context.Output.WriteLine($"wrote {path}");
            if (context.Value(apply))
                await ApplyDeployments.Send(context, [ready]);
            else
                context.Output.WriteLine($"send it with: holoflow deployment apply {path}");
            return ExitCodes.Done;
        });
    }

    static string FileName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
}
