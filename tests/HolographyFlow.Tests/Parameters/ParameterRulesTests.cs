using Holoflow.HolographyFlow.Parameters;

namespace Holoflow.HolographyFlow.Tests.Parameters;

public sealed class ParameterRulesTests
{
    static readonly HolographyParameters Parameters = new() { Sbid = 1, Workdir = "/work" };
    static readonly ParameterPaths Paths = new(new PathFacts("/work", true, false, true), null, null, null, null);

    [Fact]
    public void Valid_parameters_have_no_mistakes() => Assert.Empty(ParameterRules.Mistakes(Parameters, Paths));

    [Fact]
    public void All_mistakes_are_named_at_once_each_with_what_would_be_right()
    {
        var mistakes = ParameterRules.Mistakes(
            Parameters with { OutputPixels = 100, ShiftAmpLimits = [1.1, 1.2], MinBeams = 5, ExpectedBeams = 4, Beams = [1, 1, -2] },
            new ParameterPaths(
                new PathFacts("/missing", false, false, false), new PathFacts("/locked", true, false, false), new PathFacts("/file", false, true, false),
                new PathFacts("/no.model", false, false, false), new PathFacts("/no.phase", false, false, false)));
        string[] expected =
        [
            "workdir must be an existing folder: there is no /missing", "beamPath must be writable: nothing can be written into /locked", "sourceDirectory must be a folder: /file is a file",
            "sourceModel must be an existing file: there is no /no.model", "referenceXyPhase must be an existing file: there is no /no.phase",
            "outputPixels must be odd, so that a pixel lies on the beam's centre: 99 or 101, not 100",
            "shiftAmpLimits must be two numbers, one between 0 and 1 and one above 1, not [1.1, 1.2]", "minBeams must be at most expectedBeams (4), not 5", "beams names 1 more than once", "beams are numbered from 0, not -2",
        ];
        Assert.Equal(expected, mistakes);
    }

    [Fact]
    public void Only_trying_tells_whether_a_folder_can_be_written()
    {
        using var folder = new TemporaryFolder();
        var facts = PathInspection.Inspect(Parameters with { Workdir = folder.Path, BeamPath = "/proc", SourceDirectory = folder.File("missing") });
        Assert.True(facts.Workdir is { IsDirectory: true, IsWritable: true });
        Assert.True(facts.BeamPath is { IsDirectory: true, IsWritable: false });
        Assert.True(facts.SourceDirectory is { IsDirectory: false });
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
