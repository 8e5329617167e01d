using System.Collections.Concurrent;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Tests.Support;
using Holoflow.Servers;

namespace Holoflow.Sdk.Tests.Journal;

public sealed class JournalWriterTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    RunDirectory Directory => new(_folder.Path);

    [Fact]
    public void NumbersHaveNoGapWhateverAppendsAtTheSameTimeAndOverReopening() =>
        Prop.ForAll(Gen.Choose(1, 8).ListOf(4).ToArbitrary(), async Task<bool> (appenders) =>
        {
            using var folder = new TemporaryFolder();
            var directory = new RunDirectory(folder.Path);
            var expected = 0;
            foreach (var count in appenders)
            {
                await AppendFrom(directory, count, 50);
                expected += count * 50;
            }
            return Lines(directory).Select(entry => entry.Sequence).SequenceEqual(Enumerable.Range(1, expected).Select(n => (long)n));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public async Task WhatWasWaitedForIsInTheFile()
    {
        await using var journal = JournalWriter.Open(Directory, TimeProvider.System);
        for (var number = 1; number <= 100; number++)
        {
            await journal.Written(journal.Append(Line($"{number}")), TestContext.Current.CancellationToken);
            Assert.Equal(number, Lines(Directory)[^1].Sequence);
        }
    }

    [Fact]
    public async Task WhatNobodyWaitsForFollowsByItself()
    {
        await using var journal = JournalWriter.Open(Directory, TimeProvider.System);
        journal.Append(Line("lazy"));
        await FileSignal.Until(Directory.Path, () => Lines(Directory).Count == 1, "the line is in the file", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ATornLastLineIsCutAndTheNumbersGoOn()
    {
        await AppendFrom(Directory, 1, 3);
        await File.AppendAllTextAsync(Directory.Journal, """{"k":"log","n":4,"t":"20""", TestContext.Current.CancellationToken);
        await AppendFrom(Directory, 1, 1);
        Assert.Equal([1, 2, 3, 4], Lines(Directory).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task ACompleteLineThatIsNoEntryIsPassedOver()
    {
        await AppendFrom(Directory, 1, 3);
        await File.AppendAllTextAsync(Directory.Journal, "not json\n[]\n", TestContext.Current.CancellationToken);
        await AppendFrom(Directory, 1, 1);
        Assert.EndsWith("\"n\":4", (await File.ReadAllLinesAsync(Directory.Journal, TestContext.Current.CancellationToken))[^1].Split(",\"t\"")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASecondWriterIsRefused()
    {
        await using var first = JournalWriter.Open(Directory, TimeProvider.System);
        var refusal = Assert.Throws<IOException>(() => JournalWriter.Open(Directory, TimeProvider.System));
        Assert.Contains("another process of this run", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALineThatCannotBeWrittenLeavesNoTrace()
    {
        await using var journal = JournalWriter.Open(Directory, TimeProvider.System);
        journal.Append(Line("before"));
        var broken = new ArtifactMade { Artifact = Guid.Empty, Key = "a", Type = "table", Data = default(JsonElement) };
        Assert.ThrowsAny<Exception>(() => journal.Append(broken));
        await journal.Written(journal.Append(Line("after")), TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], Lines(Directory).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task EveryKindOfEntryIsWrittenAsTheFormatReadsIt()
    {
        var id = Guid.CreateVersion7();
        var json = JsonElement.Parse("""{"a":[1,"ü"]}""");
        JournalEntry[] entries =
        [
            new FlowStarted { Attempt = 1, ProcessId = 2, Host = "h" },
            new FlowPauseChanged { Paused = true },
            new FlowPauseChanged { Paused = false },
            new FlowEnded { Attempt = 1, Type = "Failed", Name = "TimedOut", Message = "m", Result = json },
            new FlowEnded { Attempt = 1, Type = "Completed" },
            new NestedRunCreated { Run = id, NestedRun = id, FlowName = "f", RunName = "r", Parameters = json, Tags = ["a", "b"], Key = "f-1", Identity = "i" },
            new NestedRunChanged { NestedRun = id, Type = "Running", Name = "Running", Message = "m" },
            new TaskCreated { Run = id, Task = id, Key = "k-1", TaskName = "k", RunName = "r", Description = "d", MapIndex = 0, Tags = ["t"], Inputs = [new TaskInput(id, "x"), new TaskInput(id, "")], Identity = "i" },
            new TaskChanged { Task = id, Type = "Running", Name = "Retrying", Message = "m", RunCount = 2 },
            new Progressed { Task = id, Fraction = 0, Count = 0, Total = 10, Message = "m", SecondsLeft = 1.5 },
            new Progressed { Fraction = 1 },
            new Logged { Task = id, Level = LogLevel.Trace, Message = "line\n\"quoted\" \\ 😀 \u0001", Logger = "l", Fields = new Dictionary<string, JsonElement> { ["x"] = json } },
            new AllocationChanged { Key = "beams-1", ArrayIndex = 3, Cluster = "galaxy", JobId = 17, Phase = "Waiting", State = "Pending", Message = "it waits", Node = "n1", ExpectedAt = DateTimeOffset.UnixEpoch, Partition = "work", Tasks = [id, Guid.CreateVersion7()] },
            new ArtifactMade { Artifact = id, Key = "a", Type = "image", Task = id, Title = "t", Data = json, File = "f.png" },
        ];
        await using (var journal = JournalWriter.Open(Directory, TimeProvider.System))
            foreach (var entry in entries)
                journal.Append(entry);
        var read = Lines(Directory);
        Assert.Equal(
            entries.Select((entry, i) => Text(entry with { Sequence = i + 1, At = read[i].At })),
            read.Select(Text));
    }

    [Fact]
    public async Task AFullDiskStopsTheWaiterUntilItIsCancelled()
    {
        // Every write into this device fails as on a full disk.
        File.CreateSymbolicLink(Directory.Journal, "/dev/full");
        var reports = new ConcurrentQueue<string>();
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var journal = JournalWriter.Open(Directory, TimeProvider.System, report =>
        {
            reports.Enqueue(report);
            reported.TrySetResult();
        });
        using var cancel = new CancellationTokenSource();
        var written = journal.Written(journal.Append(Line("a")), cancel.Token).AsTask();
        // Either this thread writes, or the timer of lines that nobody waits for has begun to.
        await reported.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(written.IsCompleted);
        Assert.Contains("No space left", Assert.Single(reports), StringComparison.Ordinal);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => written);
        await journal.Abandon();
        await journal.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    static string Text(JournalEntry entry) => JsonSerializer.Serialize(entry, JournalFormat.Default.JournalEntry);

    static Logged Line(string message) => new() { Level = LogLevel.Information, Message = message };

    static List<JournalEntry> Lines(RunDirectory directory)
    {
        using var stream = new FileStream(directory.Journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return [.. new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, JournalFormat.Default.JournalEntry)!)];
    }

    static async Task AppendFrom(RunDirectory directory, int appenders, int each)
    {
        await using var journal = JournalWriter.Open(directory, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, appenders).Select(appender => Task.Run(async () =>
        {
            for (var number = 0; number < each; number++)
            {
                var ticket = journal.Append(Line($"{appender}/{number} {new string('x', number * 37)}"));
                if (number % 7 == 0)
                    await journal.Written(ticket);
            }
        })));
    }
}
