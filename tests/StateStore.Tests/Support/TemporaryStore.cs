using Holoflow.Persistence;

namespace Holoflow.StateStore.Tests.Support;

/// <summary>A SQLite database in a directory of its own.</summary>
sealed class TemporaryStore : IAsyncDisposable
{
    public TemporaryStore()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("holoflow-store-").FullName;
        Path = System.IO.Path.Combine(Directory, "holoflow.db");
        Database = Database.At(Path);
    }

    public string Directory { get; }

    public string Path { get; }

    public Database Database { get; }

    public static async Task<TemporaryStore> Create()
    {
        var store = new TemporaryStore();
        await store.Database.Upgrade();
        return store;
    }

    public ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
