using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Polarization;
using Holoflow.Holography.Simulation;

namespace Holoflow.Holography.Tests.Averaging;

public sealed class VoltageAveragerTests
{
    [Fact]
    public void Defect_2_flagged_samples_do_not_enter_the_sum()
    {
        var averager = new VoltageAverager(2, 1, 1, 1);
        averager.Add(0, 1, 0, Row(2, 2, 2, 2), new bool[4], [1, 1, 1, 1]);
        averager.Add(0, 1, 0, Row(99, 99, 99, 99), [true, true, true, true], [1, 1, 1, 1]);
        averager.Add(0, 1, 0, Row(5, 5, 5, 5), new bool[4], [2, 2, 2, 2]);
        var voltages = averager.Finish();
        Assert.Equal(4, voltages.Values[0][0], 1e-6);
        Assert.Equal(3, voltages.Weights[0][0]);
        Assert.Equal(2, voltages.Hits[0][0]);
        Assert.False(voltages.Flags[0][0]);
    }

    [Fact]
    public void Defect_2_a_point_without_data_is_flagged_and_never_zero_over_zero()
    {
        var averager = new VoltageAverager(3, 1, 2, 1);
        averager.Add(0, 1, 0, Row(1, 1, 1, 1), [true, true, true, true], [1, 1, 1, 1]);
        averager.Add(0, 1, 1, Row(1, 1, 1, 1), [false, true, false, false], [1, 1, 1, 1]);
        var voltages = averager.Finish();
        Assert.True(voltages.Flags[0][0]);
        Assert.True(voltages.Flags[0][1]);
        Assert.True(voltages.Flags[2][0]);
        Assert.All(voltages.Values.SelectMany(v => v), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Not_a_number_and_weightless_samples_count_as_flagged()
    {
        var averager = new VoltageAverager(2, 1, 1, 2);
        var row = Row(1, 2, 3, 4).Concat(Row(1, 2, 3, 4)).ToArray();
        row[0] = float.NaN;
        row[15] = float.PositiveInfinity;
        averager.Add(0, 1, 0, row, new bool[8], [1, 1, 1, 1, 1, 0, 1, 1]);
        var voltages = averager.Finish();
        Assert.Equal(new float[] { 0, 1, 1, 1, 1, 0, 1, 0 }, voltages.Weights[0]);
        Assert.True(voltages.Flags[0][0] && voltages.Flags[0][1]);
    }

    [Fact]
    public void Defect_5_rows_of_either_order_give_the_same_voltage() =>
        Prop.ForAll((int seed) =>
        {
            var random = new SeededGaussian(seed);
            var v = new Jones(Draw(random), Draw(random), Draw(random), Draw(random));
            var (below, above) = (new VoltageAverager(3, 1, 1, 1), new VoltageAverager(3, 1, 1, 1));
            bool[] flags = [false, false, false, false];
            below.Add(0, 1, 0, Row(v), flags, [1, 2, 3, 4]);
            above.Add(1, 2, 0, Row(v.Adjoint), flags, [1, 3, 2, 4]);
            var (first, second) = (below.Finish(), above.Finish());
            return first.Values[0].Zip(second.Values[2]).All(p => Math.Abs(p.First - p.Second) < 1e-5)
                && first.Weights[0].SequenceEqual(second.Weights[2])
                && Math.Abs(first.Values[0][2] - v.XY.Real) < 1e-5 && Math.Abs(first.Values[0][3] - v.XY.Imaginary) < 1e-5;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Defect_5_flags_of_the_cross_hands_are_transposed_too()
    {
        var averager = new VoltageAverager(2, 0, 1, 1);
        averager.Add(0, 1, 0, Row(1, 2, 3, 4), [false, true, false, false], [1, 1, 1, 1]);
        Assert.Equal(new float[] { 1, 1, 0, 1 }, averager.Finish().Weights[1]);
    }

    [Fact]
    public void Rows_without_the_reference_are_passed_over()
    {
        var averager = new VoltageAverager(3, 1, 1, 1);
        Assert.False(averager.Add(0, 2, 0, Row(1, 1, 1, 1), new bool[4], [1, 1, 1, 1]));
        Assert.False(averager.Add(1, 1, 0, Row(1, 1, 1, 1), new bool[4], [1, 1, 1, 1]));
        Assert.All(averager.Finish().Hits.SelectMany(h => h), h => Assert.Equal(0, h));
    }

    [Fact]
    public void The_references_ratio_is_taken_out_of_its_Y_column()
    {
        var ratio = Complex.FromPolarCoordinates(0.8, 1.1);
        var averager = new VoltageAverager(2, 1, 1, 1);
        averager.Add(0, 1, 0, Row(new Jones(1, 2 * ratio, 3, 4 * ratio)), new bool[4], [1, 1, 1, 1]);
        var values = averager.Finish([ratio]).Values[0];
        float[] expected = [1, 0, 2, 0, 3, 0, 4, 0];
        for (var k = 0; k < 8; k++) Assert.Equal(expected[k], values[k], 1e-5);
    }

    [Fact]
    public void A_row_of_another_shape_is_refused_with_the_right_one()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new VoltageAverager(2, 0, 1, 3).Add(0, 1, 0, Row(1, 1, 1, 1), new bool[4], [1, 1, 1, 1]));
        Assert.Contains("24 floats, 12 flags", refusal.Message, StringComparison.Ordinal);
    }

    static Complex Draw(SeededGaussian random) => new(random.Normal(), random.Normal());

    static float[] Row(float xx, float xy, float yx, float yy) => [xx, 0, xy, 0, yx, 0, yy, 0];

    static float[] Row(Jones v) =>
        [(float)v.XX.Real, (float)v.XX.Imaginary, (float)v.XY.Real, (float)v.XY.Imaginary, (float)v.YX.Real, (float)v.YX.Imaginary, (float)v.YY.Real, (float)v.YY.Imaginary];
}
