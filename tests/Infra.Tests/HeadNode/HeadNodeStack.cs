using System.Diagnostics;
using Holoflow.Client;
using Holoflow.Servers;

namespace Holoflow.Infra.Tests.HeadNode;

/// <summary>
/// A head node's account: the script of infra/hpc with what it needs, in a folder of its own, run by an ordinary user. PostgreSQL refuses
/// root, so a test that is root becomes somebody else for it.
/// </summary>
public class HeadNodeStack : IAsyncLifetime
{
    const string OrdinaryUser = "nobody";
    static readonly string[] Programs = ["StateStore", "LogIngest", "Scheduler", "Api", "Agent", "Cli"];
    readonly string _directory = System.IO.Directory.CreateTempSubdirectory("holoflow-head-").FullName;

    /// <summary>Where the stack keeps everything.</summary>
    public string Directory => Path.Combine(_directory, "stack");

    public int Port { get; } = FreePort.Next();

    /// <summary>A program of flows that the stack's user can read.</summary>
    public string SampleFlows => Path.Combine(_directory, "binaries", "all", "Holoflow.SampleFlows.dll");

    /// <summary>Further options of the start.</summary>
    protected virtual IReadOnlyList<string> Options => [];

    string Script => Path.Combine(_directory, "infra", "hpc", "holoflow-stack");

    public async ValueTask InitializeAsync()
    {
        Copy(Checkout.Infra, Path.Combine(_directory, "infra"));
        Copy(AppContext.BaseDirectory, Path.Combine(_directory, "binaries", "all"));
        foreach (var program in Programs)
            System.IO.Directory.CreateSymbolicLink(Path.Combine(_directory, "binaries", program), "all");
        File.SetUnixFileMode(_directory, (UnixFileMode)Convert.ToInt32("755", 8));
        if (Environment.UserName == "root")
            await Execute("chown", ["-R", OrdinaryUser, _directory], []);
        await Start();
    }

    public async Task Start()
    {
        var started = await Run(["start", "--directory", Directory, "--binaries", Path.Combine(_directory, "binaries"), "--port", $"{Port}", .. Options]);
        Assert.True(started.ExitCode == 0, started.Errors);
        Exports = ReadExports(started.Output);
    }

    /// <summary>What the script printed for flows, agents and the command.</summary>
    public IReadOnlyDictionary<string, string> Exports { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A client as the printed environment makes one.</summary>
    public HoloflowClient Client() => new(new ClientOptions
    {
        BaseAddress = new Uri(Exports["HOLOFLOW_API_URL"]),
        Token = File.ReadAllText(Exports["HOLOFLOW_API_KEY_FILE"]).Trim(),
        RetryFor = TimeSpan.FromMinutes(2),
    });

    /// <summary>A port of the servers, which are on loopback.</summary>
    public int PortOf(string server) => int.Parse(File.ReadLines(Path.Combine(Directory, "ports")).Single(line => line.StartsWith(server + " ", StringComparison.Ordinal)).Split(' ')[1]);

    /// <summary>The content of a secret's file.</summary>
    public string Secret(string path) => File.ReadAllText(Path.Combine(Directory, "secrets", path));

    /// <summary>Runs the script to its end.</summary>
    public Task<ScriptOutcome> Run(params string[] arguments) => RunWith([], arguments);

    public Task<ScriptOutcome> RunWith(Dictionary<string, string> environment, params string[] arguments)
    {
        var variables = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        variables.TryAdd("HOME", _directory);
        variables.TryAdd("DOTNET_CLI_HOME", _directory);
        return Environment.UserName == "root"
            ? Execute("setpriv", [$"--reuid={OrdinaryUser}", "--clear-groups", Script, .. arguments], variables)
            : Execute(Script, arguments, variables);
    }

    /// <summary>Processes that know the stack's directory, of whatever parent.</summary>
    public IReadOnlyList<Process> Processes() =>
    [
        .. Process.GetProcesses().Where(process => process.Id != Environment.ProcessId && ArgumentsAndEnvironment(process).Contains(Directory, StringComparison.Ordinal)),
    ];

    /// <summary>What everybody of the same user can see of a process.</summary>
    public static string ArgumentsAndEnvironment(Process process) => Read(process, "environ") + Read(process, "cmdline");

    /// <summary>What the script prints for a shell, as a shell reads it.</summary>
    public static IReadOnlyDictionary<string, string> ReadExports(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line["export ".Length..].Split('=', 2)).ToDictionary(words => words[0], words => words[1], StringComparer.Ordinal);

    public virtual async ValueTask DisposeAsync()
    {
        await Run("stop", "--directory", Directory);
        foreach (var left in Processes())
            left.Kill();
        System.IO.Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    static string Read(Process process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    static void Copy(string from, string to)
    {
        foreach (var folder in System.IO.Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
            System.IO.Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    static async Task<ScriptOutcome> Execute(string program, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("HOLOFLOW_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ScriptOutcome(process.ExitCode, output, await errors);
    }
}

/// <summary>What a script left.</summary>
public sealed record ScriptOutcome(int ExitCode, string Output, string Errors);
