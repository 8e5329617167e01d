using Holoflow.Persistence;

namespace Holoflow.Standalone;

/// <summary>The schema of a database.</summary>
/// <param name="Database">For people: the file's path.</param>
/// <param name="Version">Its version.</param>
/// <param name="Newest">The version of this program.</param>
public sealed record DatabaseSchema(string Database, int Version, int Newest);

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
        return Ask(home, database => database.Upgrade(cancellation));
    }

    /// <summary>Reads all of it to find damage; changes nothing.</summary>
    /// <exception cref="StandaloneStartException">It cannot be used; the message says why and what to do.</exception>
    public static Task<DatabaseSchema> CheckAsync(string home, CancellationToken cancellation = default) =>
        Ask(home, database => database.Check(thorough: true, cancellation));

    static async Task<DatabaseSchema> Ask(string home, Func<Database, ValueTask<Persistence.Schema.SchemaState>> ask)
    {
        try
        {
            var database = Database.At(Path.Combine(home, "holoflow.db"));
            var state = await ask(database);
            return new DatabaseSchema(database.DisplayName, state.Version, state.Newest);
        }
        catch (DatabaseException e)
        {
            throw new StandaloneStartException(e.Message, e);
        }
    }
}
