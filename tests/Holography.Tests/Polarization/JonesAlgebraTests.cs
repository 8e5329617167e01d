using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.Holography.Polarization;
using Holoflow.Holography.Regridding;
using Holoflow.Holography.Simulation;

namespace Holoflow.Holography.Tests.Polarization;

public sealed class JonesAlgebraTests
{
    [Fact]
    public void Defect_6_brightness_is_J_times_its_adjoint_and_not_the_reverse()
    {
        // A pattern whose Y receptor alone leaks: J J^H differs from J^H J in first place where receptors differ.
        var j = new Jones(1, new Complex(0, 0.3), 0.1, 0.5);
        var b = JonesAlgebra.Brightness(j);
        Assert.Equal(0.5 * (1 + 0.09), b.XX.Real, 1e-12);
        Assert.Equal(0.5 * (0.01 + 0.25), b.YY.Real, 1e-12);
        Assert.True(Complex.Abs(b.XY - (0.5 * ((j.XX * Complex.Conjugate(j.YX)) + (j.XY * Complex.Conjugate(j.YY))))) < 1e-12);
        var reverse = new Complex(0.5, 0) * (j.Adjoint * j);
        Assert.True(Complex.Abs(b.XX - reverse.XX) > 0.03);
    }

    [Fact]
    public void At_minus_45_degrees_Q_is_YY_less_XX_and_U_the_cross_hands()
    {
        var b = new Jones(0.7, new Complex(0.1, 0.05), new Complex(0.1, -0.05), 0.4);
        var s = JonesAlgebra.Stokes(b, -Math.PI / 4);
        Assert.Equal(1.1, s.I, 1e-12);
        Assert.Equal(0.4 - 0.7, s.Q, 1e-12);
        Assert.Equal(-0.2, s.U, 1e-12);
        Assert.Equal(0.1, s.V, 1e-12);
    }

    [Fact]
    public void Polarised_intensity_does_not_depend_on_the_receptor_angle() =>
        Prop.ForAll((int seed) =>
        {
            var random = new SeededGaussian(seed);
            var b = JonesAlgebra.Brightness(Draw(random));
            var (first, second) = (JonesAlgebra.Stokes(b, 0), JonesAlgebra.Stokes(b, 6.28 * random.Uniform()));
            var (p1, p2) = ((first.Q * first.Q) + (first.U * first.U), (second.Q * second.Q) + (second.U * second.U));
            return Math.Abs(p1 - p2) < 1e-9 * (1 + p1) && Math.Abs(first.V - second.V) < 1e-12
                && first.I * first.I >= p1 + (first.V * first.V) - 1e-9;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Normalised_I_is_one_at_the_centre_whatever_the_gains() =>
        Prop.ForAll((int seed) =>
        {
            var random = new SeededGaussian(seed);
            var centre = Draw(random);
            var scales = JonesAlgebra.RowScales(centre)!.Value;
            var atCentre = JonesAlgebra.Stokes(JonesAlgebra.Brightness(JonesAlgebra.ScaleRows(centre, scales)), -Math.PI / 4);
            var (gx, gy, other) = (DrawComplex(random), DrawComplex(random), Draw(random));
            var plain = JonesAlgebra.Stokes(JonesAlgebra.Brightness(JonesAlgebra.ScaleRows(other, scales)), -Math.PI / 4);
            var gained = JonesAlgebra.RowScales(JonesAlgebra.ScaleRows(centre, (gx, gy)))!.Value;
            var same = JonesAlgebra.Stokes(JonesAlgebra.Brightness(JonesAlgebra.ScaleRows(JonesAlgebra.ScaleRows(other, (gx, gy)), gained)), -Math.PI / 4);
            return Math.Abs(atCentre.I - 1) < 1e-12
                && Math.Abs(plain.I - same.I) < 1e-9 * plain.I && Math.Abs(plain.V - same.V) < 1e-9 * plain.I && Math.Abs(plain.U - same.U) < 1e-9 * plain.I;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_centre_without_response_cannot_be_normalised()
    {
        Assert.Null(JonesAlgebra.RowScales(new Jones(0, 1, 1, 1)));
        Assert.Null(JonesAlgebra.RowScales(new Jones(1, double.NaN, 1, 1)));
    }

    [Fact]
    public void Blocks_give_what_single_matrices_give()
    {
        var random = new SeededGaussian(3);
        const int pixels = 5;
        var jones = new float[pixels * ChannelBlock.Width];
        for (var k = 0; k < jones.Length; k++) jones[k] = (float)random.Normal();
        bool[] valid = [.. Enumerable.Repeat(true, 15), false];
        var scales = new (Complex X, Complex Y)[16];
        StokesBlocks.Normalise(jones.AsSpan(2 * ChannelBlock.Width, ChannelBlock.Width), valid, scales);
        var stokes = new float[pixels * StokesBlocks.Width];
        StokesBlocks.Form(jones, scales, -0.6, stokes);
        for (var g = 0; g < pixels; g++)
        {
            for (var lane = 0; lane < 15; lane++)
            {
                var j = StokesBlocks.At(jones.AsSpan(g * ChannelBlock.Width, ChannelBlock.Width), lane);
                var expected = JonesAlgebra.Stokes(JonesAlgebra.Brightness(JonesAlgebra.ScaleRows(j, scales[lane])), -0.6);
                var tolerance = 1e-5 * expected.I;
                Assert.Equal(expected.I, stokes[(g * 64) + lane], tolerance);
                Assert.Equal(expected.Q, stokes[(g * 64) + 16 + lane], tolerance);
                Assert.Equal(expected.U, stokes[(g * 64) + 32 + lane], tolerance);
                Assert.Equal(expected.V, stokes[(g * 64) + 48 + lane], tolerance);
            }

            Assert.Equal(0, stokes[(g * 64) + 15]);
        }

        for (var lane = 0; lane < 15; lane++) Assert.Equal(1, stokes[(2 * 64) + lane], 1e-5);
    }

    [Fact]
    public void Defect_10_fractions_below_the_floor_are_zero_and_masked()
    {
        float[] intensity = [1, 0.5f, 0.009f, 0, -0.1f, float.NaN], q = [0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f];
        var masked = new bool[6];
        Leakage.Divide(intensity, q, 0.01, masked);
        Assert.Equal([0.1f, 0.2f, 0, 0, 0, 0], q);
        Assert.Equal([false, false, true, true, true, true], masked);
        float[] zeroFloor = [0.3f];
        Leakage.Divide([0], zeroFloor, 0, masked.AsSpan(0, 1));
        Assert.True(masked[0] && zeroFloor[0] == 0);
    }

    static Jones Draw(SeededGaussian random) => new(DrawComplex(random), DrawComplex(random), DrawComplex(random), DrawComplex(random));

    static Complex DrawComplex(SeededGaussian random) => new(random.Normal(), random.Normal());
}
