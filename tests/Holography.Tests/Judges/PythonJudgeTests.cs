namespace Holoflow.Holography.Tests.Judges;

public sealed class PythonJudgeTests
{
    [Fact]
    public async Task Every_judge_package_is_installed()
    {
        var versions = await PythonJudge.Ask(
            """
            import casacore.tables, casacore.images, astropy.io.fits, astropy.wcs, scipy.interpolate, numpy
            result = {'echo': args['value'] + 1, 'array': numpy.arange(3.0), 'complex': numpy.array([1 + 2j])}
            """,
            new { value = 41 },
            TestContext.Current.CancellationToken);
        Assert.Equal(42, versions.GetProperty("echo").GetInt32());
        Assert.Equal(2.0, versions.GetProperty("array")[2].GetDouble());
        Assert.Equal(2.0, versions.GetProperty("complex")[0][1].GetDouble());
    }

    [Fact]
    public async Task A_failing_script_fails_the_test_with_the_judges_message()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => PythonJudge.Ask("raise ValueError('the flux is negative')", null, TestContext.Current.CancellationToken));
        Assert.Contains("the flux is negative", failure.Message, StringComparison.Ordinal);
    }
}
