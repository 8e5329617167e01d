using Holoflow.Infra.Tests.HeadNode;

namespace Holoflow.Infra.Tests.Scripts;

/// <summary>The unit that starts agents under systemd.</summary>
public sealed class AgentUnitTests : IDisposable
{
    const string Unit = "holoflow-agent@.service";
    readonly string _home = Directory.CreateTempSubdirectory("holoflow-unit-").FullName;

    static string[] Lines => File.ReadAllLines(Path.Combine(Checkout.Infra, "systemd", Unit));

    [Fact]
    public async Task Systemd_finds_no_fault_with_it()
    {
        var verdict = await Verify(Lines);
        Assert.True(verdict.ExitCode == 0 && verdict.Errors.Length == 0, verdict.Errors);
        // The judge can say no.
        Assert.Contains("Unheard", (await Verify([.. Lines, "Unheard=of"])).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_outlive_their_agent_and_the_agent_its_crash()
    {
        Assert.Contains("KillMode=process", Lines);
        Assert.Contains("Restart=always", Lines);
    }

    [Fact]
    public void No_secret_is_in_it_and_no_right_is_gained()
    {
        Assert.Contains(Lines, line => line.StartsWith("EnvironmentFile=", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines, line => line.StartsWith("Environment=", StringComparison.Ordinal));
        Assert.Superset(
            new HashSet<string>(["NoNewPrivileges=yes", "RestrictSUIDSGID=yes", "LockPersonality=yes", "SystemCallArchitectures=native", "UMask=0077", "LimitCORE=0"], StringComparer.Ordinal),
            Lines.ToHashSet(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    // The judge wants the command to be there.
    Task<ScriptOutcome> Verify(IEnumerable<string> lines)
    {
        var command = Path.Combine(Directory.CreateDirectory(Path.Combine(_home, ".local", "bin")).FullName, "holoflow");
        File.Copy("/bin/true", command, overwrite: true);
        var unit = Path.Combine(_home, Unit);
        File.WriteAllLines(unit, lines);
        return Judge.Ask("systemd-analyze", "systemd", ["--user", "verify", unit], ("HOME", _home), ("XDG_RUNTIME_DIR", _home));
    }
}
