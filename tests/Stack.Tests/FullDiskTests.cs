using System.Text.Json;
using Holoflow.Persistence;
using Holoflow.StateStore.Histories;

namespace Holoflow.Stack.Tests;

/// <summary>A stack whose agent has its state and its runs on a small disk of its own: a tmpfs in a mount namespace.</summary>
public sealed class SmallDiskStack : ServiceStack
{
    const string OnSmallDisk = "mount -t tmpfs -o size=3m tmpfs \"$1\" && shift && exec \"$@\"";

    protected override (string Program, IReadOnlyList<string> Arguments) CommandOf(string service, string path)
    {
        if (service != "Agent")
            return base.CommandOf(service, path);
        var home = Directory.CreateDirectory(HomeOf(service)).FullName;
        return ("unshare", ["--map-root-user", "--mount", "sh", "-c", OnSmallDisk, "sh", home, "dotnet", path]);
    }
}

/// <summary>The disk under the agent's spool is full for a while: what runs waits, what comes is not begun, and nothing is lost or done twice.</summary>
public sealed class FullDiskTests(SmallDiskStack stack) : IClassFixture<SmallDiskStack>
{
    const int Later = 3;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task A_full_disk_under_the_agent_loses_nothing_and_doubles_nothing()
    {
        var folder = stack.Folder();
        var (release, started) = (Path.Combine(folder, "release"), Path.Combine(folder, "started"));
        var running = await stack.Client.Submit("WaitForFile", JsonSerializer.Serialize(new { release, started }), Cancellation);
        await Polling.Until(() => Task.FromResult(File.Exists(started)));
        var filler = $"/proc/{stack.ProcessOf("Agent")}/root{stack.HomeOf("Agent")}/filler";
        Fill(filler);
        await File.WriteAllTextAsync(release, "", Cancellation);
        var later = new List<Guid>();
        for (var i = 0; i < Later; i++)
            later.Add(await stack.Client.Submit("Mapped", """{"count":3}""", Cancellation));
        await Polling.Until(() => Task.FromResult(stack.OutputOf("Agent").Contains("No space left on device", StringComparison.Ordinal)));
        File.Delete(filler);

        Assert.Equal("Completed", (await stack.Client.Ended(running, Cancellation)).State.Type.ToString());
        Assert.Single(Directory.GetFiles(folder, "before.*"));
        Assert.Single(Directory.GetFiles(folder, "after.*"));
        Assert.Equal(3, (await stack.Client.FlowRuns.Get(running, Cancellation)).TaskCounts["Completed"]);
        foreach (var run in later)
        {
            Assert.Equal("Completed", (await stack.Client.Ended(run, Cancellation)).State.Type.ToString());
            Assert.Equal(4, (await stack.Client.FlowRuns.Get(run, Cancellation)).TaskCounts["Completed"]);
        }

        Assert.Empty((await HistoryCheck.Run(Database.At(stack.DatabaseAddress), Cancellation)).Faults);
    }

    static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
        try
        {
            while (true)
                file.Write(new byte[512]);
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
