using System.CommandLine;
using Holoflow.Cli.Commands.Agents;
using Holoflow.Cli.Commands.Clusters;
using Holoflow.Cli.Commands.ConcurrencyLimits;
using Holoflow.Cli.Commands.Config;
using Holoflow.Cli.Commands.Database;
using Holoflow.Cli.Commands.DeadLetters;
using Holoflow.Cli.Commands.Deployments;
using Holoflow.Cli.Commands.FlowRuns;
using Holoflow.Cli.Commands.Flows;
using Holoflow.Cli.Commands.Notifications;
using Holoflow.Cli.Commands.Profile;
using Holoflow.Cli.Commands.Run;
using Holoflow.Cli.Commands.Server;
using Holoflow.Cli.Commands.TaskRuns;
using Holoflow.Cli.Commands.Tokens;
using Holoflow.Cli.Commands.WorkQueues;

namespace Holoflow.Cli.Commands;

/// <summary>All commands: the table of contents of this program.</summary>
static class CommandTree
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Holoflow: the workflow system for observatories.")
        {
            RunFlow.Create(),
            new Command("deployment", "Flows made ready to be run by agents, by hand or by schedule.")
            {
                BuildDeployment.Create(), ApplyDeployments.Create(), ListDeployments.Create(), InspectDeployment.Create(), RunDeployment.Create(),
                DeploymentCommands.SetSchedule(), DeploymentCommands.PauseSchedule(), DeploymentCommands.ResumeSchedule(), DeploymentCommands.Delete(),
            },
            new Command("work-queue", "Queues that deployments put runs into and agents take them from.")
            {
                WorkQueues.CreateWorkQueue.Create(), ListWorkQueues.Create(), InspectWorkQueue.Create(), PreviewWorkQueue.Create(), WorkQueueCommands.Pause(),
                WorkQueueCommands.Resume(), WorkQueueCommands.SetLimit(), WorkQueueCommands.ClearLimit(), WorkQueueCommands.Delete(),
            },
            new Command("concurrency-limit", "Limits on how many flow runs that carry a tag run at a time.")
            {
                ConcurrencyLimitCommands.Create(), ConcurrencyLimitCommands.List(), ConcurrencyLimitCommands.Inspect(), ConcurrencyLimitCommands.Delete(),
            },
            new Command("flow-run", "Runs of flows: list, inspect, follow, cancel, retry.")
            {
                ListFlowRuns.Create(), InspectFlowRun.Create(), ShowLogs.Create(), Why.Create(), FlowRunCommands.Cancel(), FlowRunCommands.Pause(),
                FlowRunCommands.Resume(), RetryFlowRun.Create(), DeleteFlowRuns.Create(), ExportFlowRun.Create(),
            },
            new Command("notification", "Who is told of which changes of flow runs: by webhook, mail or event.")
            {
                CreateNotification.Create(), NotificationCommands.List(), NotificationCommands.Inspect(), NotificationCommands.Test(), NotificationCommands.Deliveries(), NotificationCommands.Delete(),
            },
            new Command("task-run", "Runs of tasks within flow runs.") { ListTaskRuns.Create(), InspectTaskRun.Create() },
            new Command("agent", "Agents take runs from work queues and run them here.") { InviteAgent.Create(), EnrollAgent.Create(), StartAgent.Create(), ListAgents.Create() },
            new Command("cluster", "Profiles of Slurm clusters, in whose allocations tasks are executed.") { CheckCluster.Create(), ListClusters.Create(), ShowCluster.Create(), ImportCluster.Create() },
            new Command("flow", "Flows.") { ListFlows.Create() },
            new Command("server", "The server of this machine.") { StartServer.Create(), ShowServerStatus.Create() },
            new Command("database", "The database of the state directory.") { DatabaseCommands.Upgrade(), DatabaseCommands.Check() },
            new Command("dead-letter", "What the broker could not deliver, or a service could not carry out.") { DeadLetterCommands.List(), DeadLetterCommands.Show(), DeadLetterCommands.Replay(), DeadLetterCommands.Drop() },
            new Command("token", "API tokens, which a server asks for that others reach.") { CreateToken.Create(), ListTokens.Create(), RevokeToken.Create() },
            new Command("config", "Settings of the profile in use.") { SetSetting.Create(), UnsetSetting.Create(), ViewSettings.Create() },
            new Command("profile", "Named sets of settings.") { CreateProfile.Create(), UseProfile.Create(), ListProfiles.Create() },
            ImportFlowRun.Create(),
            RunDemo.Create(),
            ShowVersion.Create(),
        };
        // Directives are a feature for debugging the parser; a word in brackets is a word here.
        root.Directives.Clear();
        return root;
    }
}
