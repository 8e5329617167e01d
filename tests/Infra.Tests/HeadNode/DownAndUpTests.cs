namespace Holoflow.Infra.Tests.HeadNode;

/// <summary>The stack on a host without Docker, taken down and brought up again.</summary>
[Collection(HeadNodeCollection.Name)]
public sealed class DownAndUpTests(HeadNodeStack stack)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task Stop_leaves_no_process_and_the_next_start_has_the_history()
    {
        Guid run;
        using (var client = stack.Client())
            run = (await SampleRun.Carry(client, stack.SampleFlows, Cancellation)).Id;
        var key = stack.Exports["HOLOFLOW_API_KEY_FILE"];
        var token = await File.ReadAllTextAsync(key, Cancellation);

        var stopped = await stack.Run("stop", "--directory", stack.Directory);
        Assert.True(stopped.ExitCode == 0, stopped.Errors);
        Assert.Empty(stack.Processes().Select(process => process.ProcessName));
        Assert.Equal(3, (await stack.Run("status", "--directory", stack.Directory)).ExitCode);
        Assert.Equal(1, (await stack.RunWith(new(StringComparer.Ordinal) { ["HOLOFLOW_STACK"] = stack.Directory })).ExitCode);

        await stack.Start();
        Assert.Equal(token, await File.ReadAllTextAsync(key, Cancellation));
        using var again = stack.Client();
        Assert.Equal("Completed", (await again.FlowRuns.Get(run, Cancellation)).State.Type.ToString());
        Assert.Equal("Completed", (await SampleRun.Carry(again, stack.SampleFlows, Cancellation)).State.Type.ToString());
    }
}
