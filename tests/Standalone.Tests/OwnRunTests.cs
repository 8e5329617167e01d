using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;
using Holoflow.Messaging.InProcess;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.Standalone.Watching;
using Holoflow.StateStore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.Standalone.Tests;

/// <summary>The run of one command, as the command sees it.</summary>
public class OwnRunTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_another_process_ended_is_told_as_ended()
    {
        using var home = new TemporaryHome();
        // It ends with the home at the latest.
        var program = home.Program($"while [ -d '{home.Path}' ]; do sleep 0.1; done");
        await using var own = await OwnRun.StartAsync(home.Path, new CreateFlowRun { FlowName = "waits", Program = new FlowProgram { Path = program } }, TimeProvider.System, Cancellation);
        await using var updates = own.Updates(Cancellation).GetAsyncEnumerator(Cancellation);
        while (await updates.MoveNextAsync() && updates.Current is not RunChanged { Run.State.Type: RunStateType.Running })
        {
        }

        await EndByAnother(home);

        while (await updates.MoveNextAsync() && updates.Current is not RunEnded)
        {
        }

        Assert.Equal(RunStateType.Crashed, Assert.IsType<RunEnded>(updates.Current).Run.State.Type);
    }

    // A state store of its own on the same file, whose clock is a day ahead: to it no lease holds.
    static async Task EndByAnother(TemporaryHome home)
    {
        var time = new AheadTime();
        var bus = new InProcessBus();
        await using var writer = new DatabaseWriter(Database.At(home.In("holoflow.db"), time), time);
        await using var store = new StateStoreService(bus, writer, new StateStoreOptions { ExpiryHoldOff = TimeSpan.Zero }, time, NullLogger<StateStoreService>.Instance);
        await store.StartAsync(Cancellation);
        Assert.Equal(1, (await bus.Request(new SweepRuns(), Cancellation)).LeasesExpired);
    }

    sealed class AheadTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(1);
    }
}
