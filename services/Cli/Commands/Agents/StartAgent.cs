using System.CommandLine;
using Holoflow.Agent;
using Holoflow.ApiModel.Tokens;
using Holoflow.Cli.Commands.Server;
using Holoflow.Cli.Settings;
using Holoflow.Client;
using Holoflow.Hosting;
using Holoflow.Messaging.RabbitMq;
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
            var enrollment = EnrollmentInUse(context);
            var server = enrollment?.Url ?? context.Settings.Checked(Setting.ApiUrl) ?? RunningServer.Find(context.Paths.Home)?.Url
                ?? throw CommandException.BadInput($"no server is known; start one with 'holoflow server start', or name one: holoflow config set {Setting.ApiUrl.Name}=http://HOST:{StandaloneOptions.DefaultPort}");
            var options = new AgentOptions
            {
                Name = context.Value(name) ?? enrollment?.Name ?? Environment.MachineName,
                Home = context.Paths.Home,
                Queues = context.Value(queues),
                Tags = context.Value(tags),
                Slots = context.Value(limit) ?? 10,
                KeepRunFiles = TimeSpan.FromDays(context.Value(keep) ?? AgentOptions.KeepRunDays),
                RunEnvironment = RunEnvironment(context, enrollment, server),
            };
            var token = await Token(context, enrollment);
            await CheckToken(context, server, token);
            using var logs = ServiceLogging.Create(new ServiceLogOptions());
            await using var agent = enrollment is { Broker: { } broker, BrokerUser: { } user }
                ? await RemoteAgent.StartAsync(await Broker(context, broker, user), options, context.Clock, logs, context.Cancellation)
                : await RemoteAgent.StartAsync(new Uri(server), token, options, context.Clock, logs, context.Cancellation);
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
    static async Task CheckToken(CommandContext context, string server, string? token)
    {
        using var client = new HoloflowClient(ApiAccess.Options(new Uri(server), context.Settings) with { Token = token, RetryFor = TimeSpan.Zero });
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

    // What an agent was enrolled with is for it, and goes over the profile, which is for people; the environment goes over both.
    static Enrollment? EnrollmentInUse(CommandContext context) =>
        Enrollment.Load(context.Paths.Home) is { } enrollment && (!context.Settings.IsFromEnvironment(Setting.ApiUrl) || context.Settings.Checked(Setting.ApiUrl)?.TrimEnd('/') == enrollment.Url)
            ? enrollment
            : null;

    static bool HasOwnToken(CommandContext context, Enrollment? enrollment) =>
        enrollment is not null && !context.Settings.IsFromEnvironment(Setting.ApiKey) && !context.Settings.IsFromEnvironment(Setting.ApiKeyFile);

    static async Task<string?> Token(CommandContext context, Enrollment? enrollment) =>
        HasOwnToken(context, enrollment) ? await Secret(Enrollment.TokenFileOf(context.Paths.Home), context.Cancellation) : ApiAccess.Token(context.Settings);

    static async Task<RabbitMqOptions> Broker(CommandContext context, string address, string user)
    {
        var authorities = Environment.GetEnvironmentVariable("HOLOFLOW_RABBITMQ_CA_FILE") is { Length: > 0 } file ? $"?cacertfile={Uri.EscapeDataString(file)}" : "";
        return new RabbitMqOptions
        {
            Address = new Uri(address + authorities),
            User = user,
            Password = await Secret(Enrollment.PasswordFileOf(context.Paths.Home), context.Cancellation),
            DeclaresRequestQueues = false,
            IsConfined = true,
            ConnectionName = $"holoflow-{user}",
        };
    }

    static async Task<string> Secret(string file, CancellationToken cancellation)
    {
        try
        {
            return (await File.ReadAllTextAsync(file, cancellation)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"the agent's secret {file} cannot be read ({e.Message}): enrol again");
        }
    }

    static Dictionary<string, string> RunEnvironment(CommandContext context, Enrollment? enrollment, string server)
    {
        var settings = context.Settings;
        if (HasOwnToken(context, enrollment))
            return new(StringComparer.Ordinal) { [Setting.ApiUrl.Name] = server, [Setting.ApiKeyFile.Name] = Enrollment.TokenFileOf(context.Paths.Home) };
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [Setting.ApiUrl.Name] = server };
        if (!settings.IsFromEnvironment(Setting.ApiKey) && settings.Checked(Setting.ApiKey) is { } key)
            environment[Setting.ApiKey.Name] = key;
        if (settings.Checked(Setting.ApiKeyFile) is { } file)
            environment[Setting.ApiKeyFile.Name] = file;
        return environment;
    }
}
