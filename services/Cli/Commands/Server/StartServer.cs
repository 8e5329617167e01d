using System.CommandLine;
using Holoflow.Hosting;
using Holoflow.Standalone;

namespace Holoflow.Cli.Commands.Server;

static class StartServer
{
    const int HighestPort = 65_535;

    public static Command Create()
    {
        var port = CommonOptions.Number("--port", $"The port on 127.0.0.1; 0 takes a free one, {StandaloneOptions.DefaultPort} where nothing is said.", 0, HighestPort);
        return new Command("start", "Start a server and keep it up: API, schedules, queues, logs. Agents are started beside it.") { port }.Does(async context =>
        {
            var home = context.Paths.Home;
            if (RunningServer.Find(home) is { } running)
                throw CommandException.Failed($"a server runs on {home} already: {running.Url} (process {running.ProcessId})");
            using var logs = ServiceLogging.Create(new ServiceLogOptions());
            await using var server = await Standalone.Standalone.StartAsync(
                StandaloneOptions.Server(home, context.Value(port) ?? StandaloneOptions.DefaultPort) with { Logs = logs, Time = context.Clock }, context.Cancellation);
            var address = await server.ApiStarted ?? throw new InvalidOperationException("the API was not asked for");
            RunningServer.Note(home, address);
            try
            {
                context.Output.WriteLine($"Holoflow {ShowVersion.Text} serves {address.ToString().TrimEnd('/')} from {home}");
                context.Output.WriteLine($"  agents:  holoflow agent start -q default");
                context.Output.WriteLine($"  clients elsewhere:  holoflow config set {RunProtocol.RunEnvironment.ApiUrl}={address.ToString().TrimEnd('/')}");
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
}
