using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Cluster;

/// <summary>Hostile values reach the job byte for byte, or are refused by name.</summary>
public sealed class HostileValueTests(SharedCluster shared)
{
    const int Arguments = 10_000;
    const int Jobs = 5;
    const int Labels = 60;

    readonly Bench _bench = new(shared.Cluster);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_hostile_arguments_arrive_byte_for_byte()
    {
        var random = new Random(17);
        foreach (var values in Enumerable.Range(0, Arguments).Select(_ => Hostile.Text(random, withLineBreaks: true)).Chunk(Arguments / Jobs))
        {
            var request = _bench.Request(["/usr/bin/printf", "%s\\0", .. values]);
            await _bench.UntilOver(await _bench.Submit(request));
            Assert.Equal(values.Append(""), (await File.ReadAllTextAsync(Path.Combine(request.Directory, "job.0.stdout"), Cancellation)).Split('\0'));
        }
    }

    [Fact]
    public async Task Hostile_environment_arrives_byte_for_byte()
    {
        var random = new Random(23);
        var values = Enumerable.Range(0, 50).ToDictionary(i => $"HOSTILE_{i}", string? (_) => Hostile.Text(random, withLineBreaks: true), StringComparer.Ordinal);
        var request = _bench.Request("/usr/bin/env", "-0") with { Environment = values };
        await _bench.UntilOver(await _bench.Submit(request));
        var seen = (await File.ReadAllTextAsync(Path.Combine(request.Directory, "job.0.stdout"), Cancellation)).Split('\0').Select(entry => entry.Split('=', 2)).Where(pair => pair[0].StartsWith("HOSTILE_", StringComparison.Ordinal));
        Assert.Equal(values.OrderBy(v => v.Key, StringComparer.Ordinal), seen.Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])).OrderBy(v => v.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Hostile_labels_directories_and_accounts_are_shown_unchanged_by_the_controller_or_refused_by_name()
    {
        var random = new Random(42);
        var refused = new HashSet<string>(StringComparer.Ordinal);
        var jobs = new List<(long, int?)>();
        for (var i = 0; i < Labels; i++)
        {
            var plain = _bench.Request("/bin/true") with { Hold = true };
            var request = plain with
            {
                Label = Hostile.Text(random, withLineBreaks: i % 4 == 0),
                Directory = $"{plain.Directory} {Hostile.Text(random, withLineBreaks: i % 4 == 1).Replace("/", "", StringComparison.Ordinal)}x",
                Account = i % 4 == 2 ? Hostile.Text(random, withLineBreaks: false) : null,
            };
            try
            {
                var job = await _bench.Submit(request);
                jobs.Add((job, null));
                var shown = (await _bench.Site.Show(job, Cancellation)).Value!.Split("\n   ");
                Assert.Contains($"JobId={job} JobName={request.Key}", shown);
                Assert.Contains($"WorkDir={request.Directory}", shown);
                // The controller puts a space after every comment.
                Assert.Contains($"Comment={SubmitArguments.Comment(request.Key, request.Label)} ", shown);
                Assert.Contains(shown, line => line.Contains($"Account={request.Account ?? "(null)"} ", StringComparison.Ordinal));
            }
            catch (SubmitRequestException e)
            {
                refused.UnionWith(e.Faults.Select(fault => fault.Split(' ')[1]));
                Assert.False(Directory.Exists(request.Directory), "a refused request has left a directory");
            }
        }

        Assert.Null(await _bench.Site.Cancel(jobs, Cancellation));
        Assert.True(jobs.Count > Labels / 4, $"{jobs.Count} of {Labels} were accepted");
        Assert.Contains("directory", refused);
        Assert.Contains("label", refused);
    }

    [Fact]
    public async Task A_job_runs_in_a_directory_with_signs_that_Slurm_reads_as_patterns()
    {
        var request = _bench.Request("/bin/pwd") with { Label = "%j" };
        request = request with { Directory = $"{request.Directory} %j $(id) '%A_%a' \"é\"" };
        await _bench.UntilOver(await _bench.Submit(request));
        Assert.Equal(request.Directory + "\n", await File.ReadAllTextAsync(Path.Combine(request.Directory, "job.0.stdout"), Cancellation));
        Assert.Single(Directory.EnumerateFiles(request.Directory, "slurm-*.out"));
    }

    [Theory]
    [InlineData("--qos=x\n#SBATCH --uid=0")]
    [InlineData("--account=a;id")]
    [InlineData("--wrap=id")]
    [InlineData("--output=/etc/passwd")]
    [InlineData("--qos=$(id)")]
    [InlineData("--qos")]
    [InlineData("--constraint=a b")]
    [InlineData("--chdir /")]
    [InlineData("--no-such-option=1")]
    [InlineData("id")]
    [InlineData("")]
    [InlineData("--mail-user=a@b --wrap=id")]
    [InlineData("-J x")]
    public void Directives_that_are_not_known_harmless_are_refused(string text)
    {
        Assert.False(Directive.TryParse(text, out _, out var fault));
        Assert.Contains("'", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--qos=high", "--qos=high")]
    [InlineData("#SBATCH -q high", "--qos=high")]
    [InlineData("-C 'haswell&ib'", "--constraint=haswell&ib")]
    [InlineData("--exclusive", "--exclusive")]
    [InlineData("--exclusive=user", "--exclusive=user")]
    [InlineData("--gres gpu:a100:1", "--gres=gpu:a100:1")]
    [InlineData("--nodelist=n1,n[3-7]", "--nodelist=n1,n[3-7]")]
    [InlineData("--mail-user=someone@example.org", "--mail-user=someone@example.org")]
    [InlineData("--nice=-5", "--nice=-5")]
    public void Directives_become_one_argument(string text, string argument)
    {
        Assert.True(Directive.TryParse(text, out var directive, out var fault), fault);
        Assert.Equal(argument, directive.Argument);
    }
}
