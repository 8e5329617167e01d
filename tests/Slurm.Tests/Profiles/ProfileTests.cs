using FsCheck.Fluent;
using Holoflow.Slurm.Profiles;
using Holoflow.Slurm.Tests.Support;

namespace Holoflow.Slurm.Tests.Profiles;

public sealed class ProfileTests
{
    const string Whole = """
        partition: work
        account: askap
        cores: 18
        processes: 3
        memory: 100GB
        walltime: "1-02:30:00"
        extra_directives:
          - "--qos=express"
          - -C haswell
        prologue:
          - module load singularity
          - export X="a b"; unset Y
        log_directory: /scratch/logs
        minimum_allocations: 1
        maximum_allocations: 36
        calls_per_minute: 20
        """;

    [Fact]
    public void A_profile_is_read_with_every_key()
    {
        var profile = ProfileReader.Read("galaxy", Whole);
        Assert.Equal(("galaxy", "work", "askap", 18, 3, 95368L, new TimeSpan(26, 30, 0)), (profile.Name, profile.Partition, profile.Account, profile.Cores, profile.Processes, profile.MemoryMiB, profile.Walltime));
        Assert.Equal(["--qos=express", "--constraint=haswell"], profile.Directives.Select(d => d.Argument));
        Assert.Equal(["module load singularity", "export X=\"a b\"; unset Y"], profile.Prologue);
        Assert.Equal(("/scratch/logs", 1, 36, 20), (profile.LogDirectory, profile.MinimumAllocations, profile.MaximumAllocations, profile.CallsPerMinute));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var random = new Random(5);
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(1, 100).ToArbitrary(), number =>
        {
            var profile = ProfileReader.Read("p", Whole) with
            {
                Cores = number, Processes = 1, MaximumAllocations = number, MemoryMiB = number, Walltime = TimeSpan.FromMinutes(number * 37), Prologue = [.. Enumerable.Range(0, number % 5).Select(_ => Hostile.Text(random, withLineBreaks: true))],
            };
            var again = ProfileReader.Read("p", ProfileWriter.Write(profile));
            Assert.Equal(profile.Prologue, again.Prologue);
            Assert.Equal(profile.Directives, again.Directives);
            Assert.Equal(profile with { Prologue = [], Directives = [] }, again with { Prologue = [], Directives = [] });
        }));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_with_their_lines()
    {
        const string Text = """
            partiton: work
            account: "a; rm -rf /"
            cores: many
            memory: 16
            walltime: tomorrow
            extra_directives:
              - --qos=ok
              - --wrap=id
            log_directory: logs
            minimum_allocations: 5
            maximum_allocations: 2
            prologue: module load x
            """;
        var faults = Assert.Throws<ProfileException>(() => ProfileReader.Read("p", Text)).Faults;
        Assert.Equal([1, 2, 3, 4, 5, 8, 9, 10, 12], faults.Select(f => f.Line));
        Assert.Contains("did you mean 'partition'?", faults[0].Message, StringComparison.Ordinal);
        Assert.All(faults, fault => Assert.Contains("'", fault.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("- a\n- b", 0)]
    [InlineData("cores: 1\ncores: 2", 2)]
    [InlineData("cores: ]", 1)]
    [InlineData("", 0)]
    public void What_is_no_profile_at_all_is_told(string text, long line)
    {
        var fault = Assert.Single(Assert.Throws<ProfileException>(() => ProfileReader.Read("p", text)).Faults);
        Assert.Equal(line, fault.Line);
    }

    [Theory]
    [InlineData("90", 90 * 60)]
    [InlineData("90:30", 90 * 60 + 30)]
    [InlineData("02:30:00", 9000)]
    [InlineData("1-0", 86400)]
    [InlineData("2-12:30", 2 * 86400 + 12 * 3600 + 1800)]
    public void Times_are_read_as_Slurm_reads_them(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Quantity.Time(text));

    [Theory]
    [InlineData("16GB", 15259)]
    [InlineData("16GiB", 16384)]
    [InlineData("16G", 16384)]
    [InlineData("1.5 TiB", 1572864)]
    [InlineData("1B", 1)]
    [InlineData("16", null)]
    [InlineData("-1GB", null)]
    [InlineData("0GB", null)]
    public void Sizes_are_rounded_up_to_MiB(string text, int? memory) => Assert.Equal(memory, Quantity.MiB(text));

    [Fact]
    public void A_file_of_dask_jobqueue_becomes_a_profile_and_what_has_no_counterpart_is_named()
    {
        const string Text = """
            cluster_class: "dask_jobqueue.SLURMCluster"
            cluster_kwargs:
                cores: 1
                processes: 2
                job_cpu: 8
                name: 'holography'
                memory: "64GB"
                walltime: '0-12:00:00'
                job_extra_directives:
                  - '--qos express'
                  - '-p work'
                  - '--no-requeue'
                interface: "ib0"
                log_directory: logs
                job_script_prologue:
                  - 'module load singularity'
                  - 'unset SINGULARITY_BINDPATH'
                silly: 1
            adapt_kwargs:
                minimum: 0
                maximum: 5
                interval: 10s
            """;
        var (profile, leftOut) = DaskImport.Read("galaxy", Text);
        Assert.Equal(("work", 8, 2, 61036L, TimeSpan.FromHours(12)), (profile.Partition, profile.Cores, profile.Processes, profile.MemoryMiB, profile.Walltime));
        Assert.Equal((0, 3), (profile.MinimumAllocations, profile.MaximumAllocations));
        Assert.Equal(["--qos=express"], profile.Directives.Select(d => d.Argument));
        Assert.Equal(["module load singularity", "unset SINGULARITY_BINDPATH"], profile.Prologue);
        Assert.Equal([6, 12, 13, 14, 18, 22], leftOut.Select(f => f.Line).Order());
        Assert.Equal("work", ProfileReader.Read("galaxy", ProfileWriter.Write(profile)).Partition);
    }
}
