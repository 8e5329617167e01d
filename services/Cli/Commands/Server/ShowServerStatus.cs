using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.Cli.Output;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.Server;

static class ShowServerStatus
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        return new Command("status", "Show whether a server answers, and which.") { json }.Does(async context =>
        {
            using var configured = ApiAccess.ConfiguredServer(context.Settings);
            var running = configured is null ? RunningServer.Find(context.Paths.Home) : null;
            if (configured is null && running is null)
                throw CommandException.Failed($"no server runs on {context.Paths.Home}, and {Settings.Setting.ApiUrl.Name} is not set; start one with 'holoflow server start'");
            using var local = running is null ? null : new HoloflowClient(ApiAccess.Options(new Uri(running.Url), context.Settings));
            var status = await (configured ?? local!).Server.Status(context.Cancellation);
            if (context.Value(json))
                Listing.Json(status, ApiJson.Default.ServerStatus);
            else
                Listing.Facts(
                    context.Output,
                    ("server", running?.Url ?? context.Settings.Of(Settings.Setting.ApiUrl).Value),
                    ("version", status.Version),
                    ("ready", status.Ready ? "yes" : "no"),
                    ("started", Words.Time(status.StartedAt)),
                    ("database", status.Database),
                    ("process", running?.ProcessId.ToString()));
            return status.Ready ? ExitCodes.Done : ExitCodes.Failed;
        });
    }
}
