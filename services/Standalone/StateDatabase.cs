using Holoflow.Persistence;
using Holoflow.StateStore.Histories;

namespace Holoflow.Standalone;

/// <summary>The schema of a database.</summary>
/// <param name="Database">For people: the file's path, or host, port and name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Newest">The version of this program.</param>
public sealed record DatabaseSchema(string Database, int Version, int Newest);

/// <summary>What reading all of a database found.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Runs">How many flow runs were looked at.</param>
/// <param name="Tasks">How many task runs.</param>
/// <param name="Faults">What is wrong with their histories, a line each.</param>
public sealed record DatabaseFindings(DatabaseSchema Schema, long Runs, long Tasks, IReadOnlyList<string> Faults);

/// <summary>The database of a state directory, looked at without starting anything.</summary>
public static class StateDatabase
{
    /// <summary>Makes the schema, or brings an older one up to date.</summary>
    /// <exception cref="StandaloneStartException">It cannot be used; the message says why and what to do.</exception>
    public static Task<DatabaseSchema> UpgradeAsync(string home, CancellationToken cancellation = default)
    {
        try
        {
            _ = Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StandaloneStartException($"the state directory '{home}' cannot be written: {e.Message}", e);
        }
        return UpgradeAtAsync(FileIn(home), cancellation);
    }

    /// <summary>As <see cref="UpgradeAsync"/>, of the database at a location: a file, or <c>postgresql://user:password@host:port/name</c>.</summary>
    /// <exception cref="StandaloneStartException">It cannot be used; the message says why and what to do.</exception>
    public static Task<DatabaseSchema> UpgradeAtAsync(string location, CancellationToken cancellation = default) =>
        Ask(location, database => database.Upgrade(cancellation));

    /// <summary>Reads all of it to find damage, and verifies every history against the machines; changes nothing.</summary>
    /// <exception cref="StandaloneStartException">It cannot be used; the message says why and what to do.</exception>
    public static Task<DatabaseFindings> CheckAsync(string home, CancellationToken cancellation = default) => CheckAtAsync(FileIn(home), cancellation);

    /// <summary>As <see cref="CheckAsync"/>, of the database at a location.</summary>
    /// <exception cref="StandaloneStartException">It cannot be used; the message says why and what to do.</exception>
    public static async Task<DatabaseFindings> CheckAtAsync(string location, CancellationToken cancellation = default)
    {
        var schema = await Ask(location, database => database.Check(thorough: true, cancellation));
        var found = await HistoryCheck.Run(Database.At(location), cancellation);
        return new DatabaseFindings(schema, found.Runs, found.Tasks, found.Faults);
    }

    static string FileIn(string home) => Path.Combine(home, "holoflow.db");

    static async Task<DatabaseSchema> Ask(string location, Func<Database, ValueTask<Persistence.Schema.SchemaState>> ask)
    {
        try
        {
            var database = Database.At(location);
            var state = await ask(database);
            return new DatabaseSchema(database.DisplayName, state.Version, state.Newest);
        }
        catch (DatabaseException e)
        {
            throw new StandaloneStartException(e.Message, e);
        }
    }
}
