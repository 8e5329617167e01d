namespace Holoflow.Infra.Tests.Scripts;

/// <summary>The shell programs of infra.</summary>
public sealed class ScriptTests
{
    public static TheoryData<string> Scripts => [.. Checkout.Scripts.Select(file => Path.GetRelativePath(Checkout.Root, file))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_script_is_clean(string script)
    {
        var verdict = await Judge.Ask("shellcheck", "shellcheck", [Path.Combine(Checkout.Root, script)]);
        Assert.True(verdict.ExitCode == 0, verdict.Output + verdict.Errors);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_can_be_started_and_stops_at_the_first_failure(string script)
    {
        var path = Path.Combine(Checkout.Root, script);
        Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), $"{script} is not executable");
        Assert.Contains("set -euo pipefail", File.ReadLines(path));
    }
}
