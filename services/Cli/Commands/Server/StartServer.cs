using System.CommandLine;
using System.Net;
using Holoflow.Hosting;
using Holoflow.Notifications;
using Holoflow.Scheduler;
using Holoflow.Standalone;

namespace Holoflow.Cli.Commands.Server;

static class StartServer
{
    const int HighestPort = 65_535;

    public static Command Create()
    {
        var port = CommonOptions.Number("--port", $"The port; 0 takes a free one, {StandaloneOptions.DefaultPort} where nothing is said.", 0, HighestPort);
        var listen = new Option<string?>("--listen")
        {
            Description = "The IP address to listen on, such as 0.0.0.0; 127.0.0.1 where nothing is said. Beyond loopback every caller needs an API token (holoflow token create).",
            HelpName = "ADDRESS",
        };
        var tokens = new Option<bool>("--require-tokens") { Description = "Ask for API tokens on loopback as well, as on a machine with other users." };
        return new Command("start", "Start a server and keep it up: API, schedules, queues, logs. Agents are started beside it.") { port, listen, tokens }.Does(async context =>
        {
            var home = context.Paths.Home;
            var address = Address(context.Value(listen));
            if (RunningServer.Find(home) is { } running)
                throw CommandException.Failed($"a server runs on {home} already: {running.Url} (process {running.ProcessId})");
            var settings = ServiceSettings.OfProcess();
            var scheduling = SchedulerSettings.Read(settings);
            var notifications = NotifierSettings.Read(settings);
            if (settings.Mistakes is [var mistake, ..])
                throw CommandException.BadInput(mistake);
            using var logs = ServiceLogging.Create(new ServiceLogOptions());
            await using var server = await Standalone.Standalone.StartAsync(
                StandaloneOptions.Server(home, context.Value(port) ?? StandaloneOptions.DefaultPort) with { Logs = logs, Time = context.Clock, Address = address, RequireTokens = context.Value(tokens), Scheduling = scheduling, Notifications = notifications },
                context.Cancellation);
            var url = await server.ApiStarted ?? throw new InvalidOperationException("the API was not asked for");
            RunningServer.Note(home, url);
            try
            {
                context.Output.WriteLine($"Holoflow {ShowVersion.Text} serves {url.ToString().TrimEnd('/')} from {home}");
                context.Output.WriteLine($"  agents:  holoflow agent start -q default");
                context.Output.WriteLine($"  clients elsewhere:  holoflow config set {RunProtocol.RunEnvironment.ApiUrl}={url.ToString().TrimEnd('/')}");
                context.Output.WriteLine("  Ctrl-C stops it");
                context.Output.Flush();
                await context.Interrupts.WaitForFirst();
                return ExitCodes.Done;
            }
            finally
            {
                RunningServer.Forget(home);
            }
        });
    }

    // A bare number would be read as an address of its own: 4200 is 0.0.16.104.
    static IPAddress Address(string? text) => text is null ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) && (text.Contains('.') || text.Contains(':')) ? address
        : throw CommandException.BadInput($"--listen '{text}' is no IP address: write for example 0.0.0.0; the port is given by --port");
}
