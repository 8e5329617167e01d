using System.Text.RegularExpressions;

namespace Holoflow.Infra.Tests.Compose;

/// <summary>What the Dockerfiles promise.</summary>
public sealed partial class DockerfileTests
{
    public static TheoryData<string> Files => [.. Checkout.Dockerfiles.Select(file => Path.GetRelativePath(Checkout.Root, file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Images_are_pinned_to_tags(string file)
    {
        var stages = Stages(file);
        Assert.NotEmpty(stages);
        Assert.Empty(stages.Select(stage => stage.From).Where(from => !stages.Exists(stage => stage.Name == from) && !PinnedImage().IsMatch(from)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_image_runs_as_root(string file)
    {
        var stages = Stages(file);
        foreach (var stage in stages.Where(stage => stage.Runs))
        {
            // The images of the servers start as root to take over their volume, and their entry point gives it up at once.
            if (stage.From.StartsWith("postgres:", StringComparison.Ordinal) || stage.From.StartsWith("rabbitmq:", StringComparison.Ordinal))
                Assert.EndsWith("exec docker-entrypoint.sh \"$@\"", File.ReadAllText(Path.Combine(Checkout.Root, Path.GetDirectoryName(file)!, "start")).TrimEnd(), StringComparison.Ordinal);
            else
                Assert.NotEqual("root", UserOf(stage, stages));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_secret_is_built_in(string file) =>
        Assert.Empty(Lines(file).Where(line => SecretSetting().IsMatch(line)));

    [Fact]
    public void Nothing_but_sources_goes_to_the_build()
    {
        var lines = File.ReadAllLines(Path.Combine(Checkout.Root, ".dockerignore"));
        Assert.Contains("*", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("!.git", StringComparison.Ordinal));
        // The page's types are made from the API's description, and from nothing else of the tests.
        Assert.Equal(["!tests/Api.Tests/openapi.approved.json"], lines.Where(line => line.StartsWith("!tests", StringComparison.Ordinal)));
        Assert.Superset(new HashSet<string>(["**/bin", "**/obj", "**/node_modules"], StringComparer.Ordinal), lines.ToHashSet(StringComparer.Ordinal));
    }

    static string UserOf(Stage stage, List<Stage> stages) =>
        stage.User ?? (stages.Find(s => s.Name == stage.From) is { } parent ? UserOf(parent, stages) : "root");

    static IEnumerable<string> Lines(string file) => File.ReadLines(Path.Combine(Checkout.Root, file)).Where(line => !line.StartsWith('#'));

    static List<Stage> Stages(string file)
    {
        var stages = new List<Stage>();
        foreach (var line in Lines(file))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words.FirstOrDefault())
            {
                case "FROM":
                    stages.Add(new Stage(words[1], words.Length > 3 ? words[3] : "", null, false));
                    break;
                case "USER":
                    stages[^1] = stages[^1] with { User = words[1] };
                    break;
                case "ENTRYPOINT" or "CMD":
                    stages[^1] = stages[^1] with { Runs = true };
                    break;
            }
        }

        return stages;
    }

    sealed record Stage(string From, string Name, string? User, bool Runs);

    [GeneratedRegex(@"^[a-z0-9./-]+:(?!latest$)[a-zA-Z0-9._-]+$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex(@"^\s*(ENV|ARG)\s.*(PASS|SECRET|TOKEN|COOKIE)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex SecretSetting();
}
