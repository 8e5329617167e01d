using System.Text.Json;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;

namespace Holoflow.Infra.Tests.HeadNode;

/// <summary>A run of the sample flow that maps a task over some numbers.</summary>
static class SampleRun
{
    /// <summary>Asks for the run and waits for its end.</summary>
    public static async Task<FlowRunRow> Carry(HoloflowClient client, string program, CancellationToken cancellation)
    {
        var created = await client.FlowRuns.Create(
            new CreateFlowRun
            {
                FlowName = "Mapped",
                Program = new FlowProgram { Path = program, Method = "Mapped" },
                Parameters = JsonSerializer.SerializeToElement(new { count = 20 }),
            },
            cancellation: cancellation);
        await foreach (var update in client.FlowRuns.Follow(created.Id, cancellation: cancellation))
        {
            if (update is RunEnded ended)
                return ended.Run;
        }

        throw new InvalidOperationException("the run's stream ended before the run");
    }
}
