using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;
using Holoflow.SampleFlows;
using Holoflow.Sdk.Testing;
using Holoflow.Sdk.Tests.Support;
using Holoflow.Servers;

namespace Holoflow.Sdk.Tests.Tasks;

/// <summary>Tasks that need slots of concurrency limits, in a flow process whose agent is this test.</summary>
public class SlotTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(SlotFlows.Observations))]
    [InlineData(nameof(SlotFlows.ObservationsInside))]
    public async Task TasksWaitForTheirSlotsWithoutAPlaceAndGiveThemBack(string method)
    {
        using var flow = new FlowProcess(method, Parameters(out var directory)) { Limited = ["telescope"] };
        Directory.CreateDirectory(directory);
        flow.Start();
        // The flow has one place: the task that needs no slot gets it while three wait.
        await FileSignal.Appeared(Path.Combine(directory, "free"), Cancellation);
        await Until(flow, journal => Wanted(journal).Count == 3, "three tasks ask for a slot");
        Assert.Empty(Directory.GetFiles(directory, "observed.*"));
        foreach (var wanted in Wanted(flow.Journal()))
        {
            Assert.Equal(["telescope"], wanted.Names);
            flow.Ask(new ControlRequest(ControlKind.SlotsGranted, null, 1) { Slots = [wanted.Request, Guid.CreateVersion7()] });
            await Until(flow, journal => journal.OfType<SlotsReleased>().Any(r => r.Request == wanted.Request), "the slot is given back");
        }

        Assert.Equal(0, await flow.End());
        var end = flow.Journal();
        Assert.Equal(3, Directory.GetFiles(directory, "observed.*").Length);
        Assert.Equal(3, end.OfType<SlotsReleased>().Count());
        if (method == nameof(SlotFlows.Observations))
        {
            var task = Wanted(end)[0].Task!.Value;
            Assert.Equal(
                ["AwaitingConcurrencySlot: waits for a slot of 'telescope'", "Running: ", "Completed: "],
                end.OfType<TaskChanged>().Where(c => c.Task == task).Select(c => $"{c.Name}: {c.Message}"));
        }
    }

    [Fact]
    public async Task WhatHasNoLimitAsksForNothingUntilItHasOne()
    {
        var directory = Directory.CreateTempSubdirectory("holoflow-slots-").FullName;
        var release = Path.Combine(directory, "release");
        using var flow = new FlowProcess(nameof(SlotFlows.ObservationsInTurn), JsonSerializer.Serialize(new { directory, release })) { Limited = ["gpu"] };
        flow.Start();
        await FileSignal.Until(directory, () => Directory.GetFiles(directory, "observed.*").Length == 1, "the first observation", Cancellation);
        Assert.Empty(Wanted(flow.Journal()));
        // Requests are heeded in order: after the pause, the limit is known.
        flow.Ask(new ControlRequest(ControlKind.Limited, null, 1) { Limited = ["gpu", "telescope"] });
        flow.Ask(new ControlRequest(ControlKind.Pause, null, 1));
        await flow.UntilJournal(entry => entry is FlowPauseChanged { Paused: true }, "the flow is paused");
        flow.Ask(new ControlRequest(ControlKind.Resume, null, 1));
        await File.WriteAllTextAsync(release, "", Cancellation);
        for (var observation = 2; observation <= 3; observation++)
        {
            await Until(flow, journal => Wanted(journal).Count == observation - 1, "the next one asks");
            flow.Ask(new ControlRequest(ControlKind.SlotsGranted, null, 1) { Slots = [Wanted(flow.Journal())[^1].Request] });
        }

        Assert.Equal(0, await flow.End());
        Assert.Equal(3, Directory.GetFiles(directory, "observed.*").Length);
    }

    [Fact]
    public async Task ACancelledRunWaitsNoLongerAndTakesItsRequestsBack()
    {
        using var flow = new FlowProcess(nameof(SlotFlows.Observations), Parameters(out var directory)) { Limited = ["telescope"] };
        Directory.CreateDirectory(directory);
        flow.Start();
        await Until(flow, journal => Wanted(journal).Count == 3, "three tasks ask for a slot");
        flow.Ask(new ControlRequest(ControlKind.Cancel, "enough", 1));
        await flow.End();
        Assert.Equal("Cancelled", flow.Ended().Type);
        Assert.Equal(Wanted(flow.Journal()).Select(w => w.Request).Order(), flow.Journal().OfType<SlotsReleased>().Select(r => r.Request).Order());
        Assert.Empty(Directory.GetFiles(directory, "observed.*"));
    }

    [Fact]
    public async Task WithoutAServerNobodyWaits()
    {
        var task = FlowTask.Define("limited", (int number, TaskContext context) => number + 1, new TaskOptions { Limits = ["telescope"], Tags = ["gpu"] });
        var run = await FlowTest.Run(async _ =>
        {
            using var slot = await Concurrency.Slot("telescope");
            return await task.Run(1);
        });
        Assert.Equal(2, run.Result);
        Assert.Empty(run.Journal.OfType<SlotsWanted>());
    }

    [Fact]
    public async Task ASlotWithoutANameOrAFlowIsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Concurrency.Slot());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Concurrency.Slot("telescope"));
    }

    static string Parameters(out string directory)
    {
        directory = Path.Combine(Directory.CreateTempSubdirectory("holoflow-slots-").FullName, "witnesses");
        return JsonSerializer.Serialize(new { directory });
    }

    static List<SlotsWanted> Wanted(IReadOnlyList<JournalEntry> journal) => [.. journal.OfType<SlotsWanted>()];

    static Task Until(FlowProcess flow, Func<IReadOnlyList<JournalEntry>, bool> holds, string what) =>
        FileSignal.Until(flow.Directory.Path, () => File.Exists(flow.Directory.Journal) && holds(flow.Journal()), what, Cancellation);
}
