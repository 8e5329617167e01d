using Holoflow.Agent.State;

namespace Holoflow.Agent.Tests;

public sealed class AgentDirectoryTests
{
    [Fact]
    public async Task A_directory_that_its_owner_removes_is_never_half_taken_over()
    {
        var home = Directory.CreateTempSubdirectory("holoflow-agents-").FullName;
        try
        {
            using var watcher = AgentDirectory.Open(home, "watcher", TimeProvider.System);
            for (var round = 0; round < 200; round++)
            {
                var owner = AgentDirectory.Open(home, $"embedded-{round}", TimeProvider.System);
                owner.NoteSubmitted(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
                using var together = new Barrier(2);
                var taking = Task.Run(
                    () =>
                    {
                        together.SignalAndWait();
                        while (Directory.Exists(owner.Path))
                            Assert.Empty(AgentDirectory.TakeOver(owner.Path, watcher).NeverTaken);
                    },
                    TestContext.Current.CancellationToken);
                together.SignalAndWait();
                owner.RemoveIfEmpty();
                owner.Dispose();
                await taking;
            }
            // As every start of an agent: a lock that was being made while its directory was removed leaves one aside.
            AgentDirectory.ClearRemoved(home);
            Assert.Equal(["watcher"], Directory.EnumerateDirectories(AgentDirectory.Root(home)).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    public async Task An_agent_that_starts_while_what_it_left_is_taken_over_has_a_directory_of_its_own()
    {
        var home = Directory.CreateTempSubdirectory("holoflow-agents-").FullName;
        try
        {
            using var watcher = AgentDirectory.Open(home, "watcher", TimeProvider.System);
            for (var round = 0; round < 200; round++)
            {
                var died = AgentDirectory.Open(home, "again", TimeProvider.System);
                died.NoteSubmitted(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
                died.Dispose();
                using var together = new Barrier(2);
                var taking = Task.Run(
                    () =>
                    {
                        together.SignalAndWait();
                        AgentDirectory.TakeOver(died.Path, watcher);
                    },
                    TestContext.Current.CancellationToken);
                together.SignalAndWait();
                AgentDirectory? started = null;
                while (started is null)
                {
                    try
                    {
                        started = AgentDirectory.Open(home, "again", TimeProvider.System);
                    }
                    catch (AgentStartException e) when (e.Message.Contains("runs already", StringComparison.Ordinal))
                    {
                        // What it left is being taken over.
                    }
                }

                await taking;
                Assert.Throws<AgentStartException>(() => AgentDirectory.Open(home, "again", TimeProvider.System));
                Assert.Empty(started.Load());
                started.Dispose();
            }
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }
}
