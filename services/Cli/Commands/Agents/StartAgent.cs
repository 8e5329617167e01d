using System.CommandLine;
using Holoflow.Agent;
using Holoflow.ApiModel.Tokens;
using Holoflow.Cli.Commands.Server;
using Holoflow.Cli.Settings;
using Holoflow.Client;
using Holoflow.Hosting;
using Holoflow.Standalone;

namespace Holoflow.Cli.Commands.Agents;

static class StartAgent
{
    public static Command Create()
    {
        var queues = new Option<string[]>("--queue", "-q") { Description = "A work queue to take runs from. May be repeated.", HelpName = "QUEUE", Required = true };
        var tags = CommonOptions.Tags("A tag that runs must carry to be taken. May be repeated.");
        var limit = CommonOptions.Number("--limit", "At most so many runs at a time; 10 where nothing is said.", 1);
        var name = new Option<string?>("--name") { Description = "The agent's name; a restarted agent finds its runs by it. The machine's name where nothing is said.", HelpName = "NAME" };
        var keep = CommonOptions.Number("--keep-days", "Journal, output and kept results of a run are removed so many days after its end; 30 where nothing is said, 0: never.", 0);
        return new Command("start", "Start an agent: it takes runs from work queues and runs them here.") { queues, tags, limit, name, keep }.Does(async context =>
        {
            var server = context.Settings.Checked(Setting.ApiUrl) ?? RunningServer.Find(context.Paths.Home)?.Url
                ?? throw CommandException.BadInput($"no server is known; start one with 'holoflow server start', or name one: holoflow config set {Setting.ApiUrl.Name}=http://HOST:{StandaloneOptions.DefaultPort}");
            var options = new AgentOptions
            {
                Name = context.Value(name) ?? Environment.MachineName,
                Home = context.Paths.Home,
                Queues = context.Value(queues),
                Tags = context.Value(tags),
                Slots = context.Value(limit) ?? 10,
                KeepRunFiles = TimeSpan.FromDays(context.Value(keep) ?? AgentOptions.KeepRunDays),
                RunEnvironment = RunEnvironment(context.Settings, server),
            };
            await CheckToken(context, server);
            using var logs = ServiceLogging.Create(new ServiceLogOptions());
            await using var agent = await RemoteAgent.StartAsync(new Uri(server), ApiAccess.Token(context.Settings), options, context.Clock, logs, context.Cancellation);
            context.Output.WriteLine($"agent {options.Name} takes runs from {string.Join(", ", options.Queues)} of {server.TrimEnd('/')}; Ctrl-C stops it when its runs have ended");
            context.Output.Flush();
            await context.Interrupts.WaitForFirst();
            if (agent.HeldRuns > 0)
                context.Output.WriteLine($"takes no more runs and waits for {agent.HeldRuns}; Ctrl-C again leaves them running for its next start");
            await Task.WhenAny(agent.DrainAsync(), context.Interrupts.WaitForSecond());
            return ExitCodes.Done;
        });
    }

    // A server that is not there yet is waited for; one that will never take this agent is told of at once.
    static async Task CheckToken(CommandContext context, string server)
    {
        using var client = new HoloflowClient(ApiAccess.Options(new Uri(server), context.Settings) with { RetryFor = TimeSpan.Zero });
        try
        {
            var status = await client.Server.Status(context.Cancellation);
            if (status.Scope < TokenScope.Agent)
                throw CommandException.BadInput($"the API token has scope {status.Scope.ToString()!.ToLowerInvariant()}; an agent needs one of scope agent: holoflow token create NAME --scope agent");
        }
        catch (ApiUnreachableException)
        {
            // It comes up later.
        }
        catch (ApiRefusedException e) when (e.Status >= 500)
        {
            // It is not ready yet.
        }
    }

    static Dictionary<string, string> RunEnvironment(CurrentSettings settings, string server)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [Setting.ApiUrl.Name] = server };
        if (!settings.IsFromEnvironment(Setting.ApiKey) && settings.Checked(Setting.ApiKey) is { } key)
            environment[Setting.ApiKey.Name] = key;
        if (settings.Checked(Setting.ApiKeyFile) is { } file)
            environment[Setting.ApiKeyFile.Name] = file;
        return environment;
    }
}
