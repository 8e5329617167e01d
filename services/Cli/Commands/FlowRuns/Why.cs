using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.Cli.Output;

namespace Holoflow.Cli.Commands.FlowRuns;

static class Why
{
    public static Command Create()
    {
        var reference = RunReference.Argument();
        var json = CommonOptions.Json();
        return new Command("why", "Say why a flow run is where it is: the whole chain of causes.") { reference, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var id = await RunReference.Resolve(api.Client, context.Value(reference), context.Cancellation);
            var answer = await api.Client.FlowRuns.Why(id, context.Cancellation);
            if (context.Value(json))
            {
                Listing.Json(answer, ApiJson.Default.WhyAnswer);
                return ExitCodes.Done;
            }
            context.Output.WriteLine(TerminalText.Line(Words.State(answer.State)));
            foreach (var reason in answer.Reasons)
                context.Output.WriteLine($"  {TerminalText.Line(reason.Text)}{(reason.Until is { } until ? $" (until {Words.Time(until)})" : "")}");
            return ExitCodes.Done;
        });
    }
}
