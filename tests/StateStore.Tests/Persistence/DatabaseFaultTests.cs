using System.Data.Common;
using Holoflow.Persistence;
using Holoflow.StateStore.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Holoflow.StateStore.Tests.Persistence;

public sealed class DatabaseFaultTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upgrade_makes_a_database_that_check_accepts_and_a_second_upgrade_changes_nothing()
    {
        await using var store = new TemporaryStore();
        var made = await store.Database.Upgrade(Cancellation);
        Assert.Equal(made, await store.Database.Upgrade(Cancellation));
        Assert.Equal(made, await store.Database.Check(thorough: true, Cancellation));
        Assert.Equal("default", await Scalar(store, "SELECT name FROM work_queues"));
    }

    [Fact]
    public async Task Many_upgrades_at_once_make_one_schema()
    {
        await using var store = new TemporaryStore();
        var states = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await Database.At(store.Path).Upgrade(Cancellation), Cancellation)));
        Assert.Single(states.Distinct());
        Assert.Equal(1L, await Scalar(store, "SELECT COUNT(*) FROM schema_version WHERE version = 1"));
    }

    [Fact]
    public async Task A_missing_directory_is_named()
    {
        await using var store = new TemporaryStore();
        var database = Database.At(Path.Combine(store.Directory, "none", "holoflow.db"));
        var fault = await Assert.ThrowsAsync<DatabaseException>(async () => await database.Upgrade(Cancellation));
        Assert.Equal(DatabaseFault.Unreachable, fault.Fault);
        Assert.Contains(Path.Combine(store.Directory, "none"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_not_made_by_a_check()
    {
        await using var store = new TemporaryStore();
        var fault = await Assert.ThrowsAsync<DatabaseException>(async () => await store.Database.Check(cancellation: Cancellation));
        Assert.Equal(DatabaseFault.Unreachable, fault.Fault);
        Assert.False(File.Exists(store.Path));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        await using var store = await TemporaryStore.Create();
        await Execute(store, "INSERT INTO schema_version VALUES (9999, 'later', 0)");
        foreach (var attempt in new[] { () => store.Database.Upgrade(Cancellation), () => store.Database.Check(cancellation: Cancellation) })
        {
            var fault = await Assert.ThrowsAsync<DatabaseException>(async () => await attempt());
            Assert.Equal(DatabaseFault.Newer, fault.Fault);
            Assert.Contains("9999", fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("this is no database at all, but it is long enough to be looked at as one, page header and all that there is ......")]
    [InlineData("SQLite format 3\0 and then nothing that makes sense, for more than a hundred bytes, so that the header is read .........")]
    public async Task A_corrupt_file_is_named(string content)
    {
        await using var store = new TemporaryStore();
        await File.WriteAllTextAsync(store.Path, content, Cancellation);
        foreach (var attempt in new[] { () => store.Database.Upgrade(Cancellation), () => store.Database.Check(cancellation: Cancellation) })
        {
            var fault = await Assert.ThrowsAsync<DatabaseException>(async () => await attempt());
            Assert.Equal(DatabaseFault.Corrupt, fault.Fault);
            Assert.Contains(store.Path, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_thorough_check_finds_a_damaged_page()
    {
        await using var store = await TemporaryStore.Create();
        await Execute(store, "PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        await using (var file = File.OpenWrite(store.Path))
        {
            file.Position = 4096 * 3;
            file.Write(new byte[4096 * 4]);
        }

        var fault = await Assert.ThrowsAsync<DatabaseException>(async () => await store.Database.Check(thorough: true, Cancellation));
        Assert.Equal(DatabaseFault.Corrupt, fault.Fault);
    }

    [Fact]
    public async Task Another_programs_database_is_not_touched()
    {
        await using var store = new TemporaryStore();
        await using (var other = new SqliteConnection($"Data Source={store.Path};Pooling=false"))
        {
            await other.OpenAsync(Cancellation);
            await using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE flow_run (id TEXT)";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var fault = await Assert.ThrowsAsync<DatabaseException>(async () => await store.Database.Upgrade(Cancellation));
        Assert.Equal(DatabaseFault.Corrupt, fault.Fault);
        Assert.Equal(1L, await Scalar(store, "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table'"));
    }

    static async Task<object?> Scalar(TemporaryStore store, string sql)
    {
        await using var connection = await store.Database.OpenForReading(Cancellation);
        await using var command = Command(connection, sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    static async Task Execute(TemporaryStore store, string sql)
    {
        await using var connection = await store.Database.Engine.OpenForWriting(create: false, Cancellation);
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
