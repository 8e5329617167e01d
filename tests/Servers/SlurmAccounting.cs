using System.Net.Sockets;

namespace Holoflow.Servers;

/// <summary>
/// The accounting database of a Slurm of a test's own, from Debian's packages slurmdbd and mariadb-server-core: a MariaDB without users or
/// tables of its own, on loopback, and slurmdbd before it. It can be stopped, and started again.
/// </summary>
sealed class SlurmAccounting(string directory, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly string[] Programs = ["/usr/sbin/mariadbd", "/usr/sbin/slurmdbd"];

    readonly int _databasePort = FreePort.Next();
    readonly int _port = FreePort.Next();
    PrivateProcess? _database;
    PrivateProcess? _daemon;

    /// <summary>What the cluster's configuration needs to know of it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AccountingStorageType"] = "accounting_storage/slurmdbd", ["AccountingStorageHost"] = "127.0.0.1", ["AccountingStoragePort"] = $"{_port}", ["AccountingStoragePass"] = Inside("munge.socket"),
    };

    /// <summary>Starts the database and the daemon; munge runs already.</summary>
    public async Task Start()
    {
        if (Programs.FirstOrDefault(program => !File.Exists(program)) is { } missing)
            throw new InvalidOperationException($"{missing} is missing: install the Debian packages slurmdbd and mariadb-server-core");
        var data = Directory.CreateDirectory(Inside("accounting")).FullName;
        _database = PrivateProcess.Start(
            Programs[0],
            [
                "--no-defaults", $"--datadir={data}", $"--socket={Inside("mariadb.socket")}", $"--port={_databasePort}", "--bind-address=127.0.0.1", $"--user={Environment.UserName}", $"--pid-file={Inside("mariadb.pid")}",
                "--skip-grant-tables", "--skip-log-bin", "--performance-schema=OFF", "--innodb-lock-wait-timeout=900", "--innodb-flush-log-at-trx-commit=0",
            ],
            environment, directory);
        await _database.WaitUntil(() => Listens(_databasePort), Patience, "mariadbd");
        var configuration = Inside("slurmdbd.conf");
        await File.WriteAllLinesAsync(configuration,
        [
            "AuthType=auth/munge", $"AuthInfo=socket={Inside("munge.socket")}", "DbdHost=localhost", "DbdAddr=127.0.0.1", $"DbdPort={_port}", $"SlurmUser={Environment.UserName}",
            "StorageType=accounting_storage/mysql", "StorageHost=127.0.0.1", $"StoragePort={_databasePort}", "StorageUser=slurm", "StoragePass=any", "StorageLoc=accounting",
            $"LogFile={Inside("slurmdbd.log")}", $"PidFile={Inside("slurmdbd.pid")}",
        ]);
        // slurmdbd reads no file that others may.
        File.SetUnixFileMode(configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await StartDaemon();
    }

    public Task StartDaemon()
    {
        _daemon = PrivateProcess.Start(Programs[1], ["-D"], environment, directory);
        return _daemon.WaitUntil(() => Listens(_port), Patience, "slurmdbd");
    }

    public async Task StopDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopDaemon();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    static async Task<bool> Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    string Inside(string name) => Path.Combine(directory, name);
}
