using System.Text.Json;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;

namespace Holoflow.Stack.Tests;

/// <summary>Runs of the sample flows, as a user of the API asks for them.</summary>
static class SampleRuns
{
    const int NotFound = 404;

    public static async Task<Guid> Submit(this HoloflowClient client, string method, string parameters, CancellationToken cancellation, int crashReschedules = 0)
    {
        var program = new FlowProgram { Path = Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), Method = method, CrashReschedules = crashReschedules };
        return (await client.FlowRuns.Create(new CreateFlowRun { FlowName = method, Program = program, Parameters = JsonDocument.Parse(parameters).RootElement }, cancellation: cancellation)).Id;
    }

    /// <summary>Follows the run until it has ended. One that was accepted while no state store answered (202) is not there at once.</summary>
    public static async Task<FlowRunRow> Ended(this HoloflowClient client, Guid run, CancellationToken cancellation)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                return await FollowToEnd(client, run, cancellation);
            }
            catch (ApiRefusedException e) when (e.Status == NotFound)
            {
                await tick.WaitForNextTickAsync(cancellation);
            }
        }
    }

    /// <summary>The states that a run has been in, but for Late: how long it waits for an agent is the machine's affair.</summary>
    public static async Task<IReadOnlyList<RunState>> States(this HoloflowClient client, Guid run, CancellationToken cancellation) =>
        [.. (await client.FlowRuns.History(run, cancellation)).Select(entry => entry.State).Where(state => state.Name != "Late")];

    static async Task<FlowRunRow> FollowToEnd(HoloflowClient client, Guid run, CancellationToken cancellation)
    {
        await foreach (var update in client.FlowRuns.Follow(run, cancellation: cancellation))
        {
            if (update is RunEnded ended)
                return ended.Run;
        }

        throw new InvalidOperationException("the run's stream ended before the run");
    }
}
