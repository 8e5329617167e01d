using System.Numerics;
using Holoflow.Holography.Means;
using Holoflow.Holography.Simulation;

namespace Holoflow.Holography.Tests.Means;

public sealed class AntennaMeanTests
{
    [Fact]
    public void Mean_and_error_are_those_of_plain_statistics()
    {
        var random = new SeededGaussian(2);
        const int antennas = 11, pixels = 3;
        var stokes = Enumerable.Range(0, antennas).Select(_ => Enumerable.Range(0, pixels * 64).Select(_ => (float)random.Normal()).ToArray()).ToArray();
        var weights = Enumerable.Range(0, antennas).Select(a => Enumerable.Range(0, 16).Select(lane => (a + lane) % 5 == 0 ? 0f : 1 + (float)random.Uniform()).ToArray()).ToArray();
        var (mean, error, used) = (new float[pixels * 64], new float[pixels * 64], new int[16]);
        AntennaMean.Combine(stokes, weights, 2, mean, error, used, 2);
        for (var k = 0; k < mean.Length; k++)
        {
            int[] good = [.. Enumerable.Range(0, antennas).Where(a => weights[a][k % 16] > 0)];
            Assert.Equal(good.Length, used[k % 16]);
            Assert.Equal(good.Sum(a => weights[a][k % 16] * stokes[a][k]) / good.Sum(a => weights[a][k % 16]), mean[k], 1e-5);
            double[] values = [.. good.Select(a => (double)stokes[a][k])];
            Assert.Equal(RobustScale.Measure(values).Scatter / Math.Sqrt(good.Length), error[k], 1e-5);
        }
    }

    [Fact]
    public void Channels_with_too_few_antennas_are_flagged_not_zero()
    {
        var stokes = Enumerable.Range(0, 4).Select(_ => new float[64]).ToArray();
        float[][] weights = [.. Enumerable.Range(0, 4).Select(a => Enumerable.Range(0, 16).Select(lane => lane == 3 && a > 1 ? 0f : 1f).ToArray())];
        var (mean, error, used) = (new float[64], new float[64], new int[16]);
        AntennaMean.Combine(stokes, weights, 3, mean, error, used, 1);
        Assert.Equal(0, used[3]);
        Assert.True(float.IsNaN(mean[3]) && float.IsNaN(error[16 + 3]));
        Assert.Equal(0, mean[4]);
        Assert.Throws<ArgumentException>(() => AntennaMean.Combine(stokes, weights, 1, mean, error, used, 1));
    }

    [Fact]
    public void One_wild_antenna_does_not_set_the_error()
    {
        var random = new SeededGaussian(6);
        var stokes = Enumerable.Range(0, 20).Select(a => Enumerable.Range(0, 64).Select(_ => a == 0 ? 1000f : (float)random.Normal(0.1)).ToArray()).ToArray();
        var weights = Enumerable.Range(0, 20).Select(_ => Enumerable.Repeat(1f, 16).ToArray()).ToArray();
        var (mean, error, used) = (new float[64], new float[64], new int[16]);
        AntennaMean.Combine(stokes, weights, 2, mean, error, used, 1);
        Assert.InRange(error.Average(), 0.015, 0.035);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(36)]
    public void Networks_sort_every_lane(int count)
    {
        var network = new SortingNetwork(count);
        var random = new SeededGaussian(count);
        for (var round = 0; round < 200; round++)
        {
            // Zeros and ones suffice by the 0-1 principle.
            var values = new Vector<float>[count];
            for (var k = 0; k < count; k++)
                values[k] = new Vector<float>([.. Enumerable.Range(0, Vector<float>.Count).Select(_ => random.Uniform() < 0.5 ? 0f : 1f)]);
            network.Sort(values);
            for (var k = 1; k < count; k++) Assert.True(Vector.LessThanOrEqualAll(values[k - 1], values[k]));
        }
    }
}
